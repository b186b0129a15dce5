#pragma once
#include <memory>
#include <optional>

#include "command.h"
#include "session.h"

namespace enxerto::cli {

/// Everything that can be typed, as a tree of commands; what is chosen writes into `session`, which must outlive it.
class CommandLine {
 public:
  explicit CommandLine(Session& session);
  ~CommandLine();
  CommandLine(const CommandLine&) = delete;
  CommandLine& operator=(const CommandLine&) = delete;

  /// Returns an exit code where there is nothing more to do: 0 for --help and --version, 2 for no word at all, which is
  /// answered by the help. Throws Error{usage} for a wrong word, naming the nearest right one.
  std::optional<int> parse(int argc, char** argv);

 private:
  std::unique_ptr<CLI::App> app_;
  Command root_;
};

}  // namespace enxerto::cli
