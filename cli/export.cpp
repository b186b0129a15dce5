#include <memory>
#include <string>

#include <fmt/core.h>

#include "commands.h"
#include "enxerto/model/model.h"

namespace enxerto::cli {

void add_export(Command& app, Session& session) {
  Command* command = app.add_subcommand("export", "Write a saved model as ONNX (opset 20)");
  struct Options {
    std::string model, to = "onnx", output;
    bool external = false;
  };
  auto options = std::make_shared<Options>();
  command->add_option("MODEL", options->model, "A saved model")->required();
  command->add_option("--to", options->to, "Format: onnx")->one_of({"onnx"});
  command->add_option("-o,--output", options->output, "File to write, e.g. model.onnx")->required();
  command->add_flag("--external", options->external, "Parameters in a file next to it (needed above 2 GB)");
  command->callback([&session, options] {
    session.command = [&session, options] {
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
