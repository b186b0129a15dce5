#include <memory>

#include <fmt/core.h>
#include <CLI/CLI.hpp>

#include "commands.h"
#include "enxerto/base/error.h"
#include "enxerto/pretrained/find_weights.h"
#include "enxerto/pretrained/spec.h"
#include "text.h"

namespace enxerto::cli {
namespace {

/// Where the weights are on this machine; "" where they are not.
std::string found_at(const PretrainedSpec& spec) {
  try {
    return find_weights({spec}).file.string();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::weights) throw;
    return "";
  }
}

}  // namespace

void add_models(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand("models", "List the pretrained networks that are known by name");
  command->callback([&session] {
    session.command = [&session] {
      Json list = Json::array();
      std::vector<std::vector<std::string>> rows{{"name", "weights", "size", "classes", "top-1", "licence", "here"}};
      for (const PretrainedSpec& spec : pretrained_models()) {
        const std::string file = found_at(spec);
        list.push_back({{"name", spec.name},
                        {"source", spec.source},
                        {"size", spec.preprocess.size},
                        {"classes", spec.classes},
                        {"top1", spec.top1},
                        {"licence", spec.licence},
                        {"sha256", spec.sha256},
                        {"file", spec.file},
                        {"address", spec.address},
                        {"found", file}});
        rows.push_back({spec.name, spec.source, fmt::format("{}", spec.preprocess.size),
                        fmt::format("{}", spec.classes), spec.top1 > 0 ? fmt::format("{:.1f}", spec.top1) : "",
                        spec.licence, file.empty() ? "" : "yes"});
      }
      if (session.json) {
        session.print({{"models", list}});
      } else {
        fmt::print(
            "{}Weights that are not here yet: --weights FILE, or put the file into a folder of $ENXERTO_WEIGHTS.\n",
            table(rows));
      }
      return 0;
    };
  });
}

}  // namespace enxerto::cli
