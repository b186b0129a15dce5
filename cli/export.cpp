#include <filesystem>
#include <memory>
#include <string>

#include <fmt/core.h>

#include "commands.h"
#include "enxerto/base/error.h"
#include "enxerto/model/model.h"

namespace enxerto::cli {
namespace {

/// A saved model is never written into, and another file only where that is asked for.
void require_free(const std::filesystem::path& file, const std::filesystem::path& model, bool replace) {
  std::error_code ignored;
  if (std::filesystem::equivalent(std::filesystem::absolute(file).parent_path(), model, ignored))
    throw usage_error(file.string(), "a file in the saved model", "a place outside of it");
  if (!replace && std::filesystem::exists(std::filesystem::symlink_status(file, ignored)))
    throw usage_error(file.string(), "a file of this name already exists", "an unused name", "--replace");
}

}  // namespace

void add_export(Command& app, Session& session) {
  Command* command = app.add_subcommand("export", "Write a saved model as ONNX (opset 20)");
  struct Options {
    std::string model, to = "onnx", output;
    bool external = false, replace = false;
  };
  auto options = std::make_shared<Options>();
  command->add_option("MODEL", options->model, "A saved model")->required();
  command->add_option("--to", options->to, "Format: onnx")->one_of({"onnx"});
  command->add_option("-o,--output", options->output, "File to write, e.g. model.onnx")->required();
  command->add_flag("--external", options->external, "Parameters in a file next to it (needed above 2 GB)");
  command->add_flag("--replace", options->replace, "Replace a file that is already there");
  command->callback([&session, options] {
    session.command = [&session, options] {
      require_free(options->output, options->model, options->replace);
      Model::load(options->model).export_onnx(options->output, options->external);
      if (session.json) {
        session.print({{"output", options->output}});
      } else {
        fmt::print("{}\n", options->output);
      }
      return 0;
    };
  });
}

}  // namespace enxerto::cli
