#include "enxerto/model/verify.h"

#include <memory>
#include <string>
#include <string_view>

#include <fmt/core.h>

#include "commands.h"
#include "enxerto/base/error.h"

namespace enxerto::cli {

void add_verify(Command& app, Session& session) {
  Command* command = app.add_subcommand("verify", "Check every hash of a saved model and recompute its golden outputs");
  struct Options {
    std::string model;
    int threads = 0;
  };
  auto options = std::make_shared<Options>();
  command->add_option("MODEL", options->model, "A saved model")->required();
  command->add_option("-t,--threads", options->threads, "Threads (all cores)")->not_negative();
  command->callback([&session, options] {
    session.command = [&session, options] {
      const VerifyReport report = verify(options->model, options->threads);
      Json checks = Json::array();
      for (const VerifyCheck& check : report.checks) {
        checks.push_back(
            {{"name", check.name}, {"ok", check.ok}, {"changed", check.changed}, {"detail", check.detail}});
        const std::string_view found = !check.ok ? "FAILED" : check.changed ? "changed" : "ok";
        if (!session.json) fmt::print("{:<7}  {}: {}\n", found, check.name, check.detail);
      }
      if (session.json) session.print({{"ok", report.ok()}, {"checks", checks}});
      return report.ok() ? 0 : static_cast<int>(ErrorKind::weights);
    };
  });
}

}  // namespace enxerto::cli
