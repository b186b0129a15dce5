#pragma once
#include <functional>
#include <memory>
#include <string>

#include "enxerto/base/progress.h"
#include "enxerto/files/json.h"

namespace enxerto::cli {

/// One line of JSON; bytes that are no UTF-8 are written as \xNN, so that two names stay two.
std::string to_line(Json object);

/// What every command shares: the options that all of them take, and where its words go. Results go to standard output,
/// progress and notices to standard error.
struct Session {
  bool json = false;             ///< one JSON object instead of text
  bool quiet = false;            ///< no progress, no notices
  bool verbose = false;          ///< what was decided and why
  std::string typed;             ///< the whole command, as a shell takes it
  std::function<int()> command;  ///< set by the command that was named; returns the exit code
  std::unique_ptr<Progress> progress;

  /// Prints `result` with "schema_version" in front, as one line.
  void print(const Json& result) const;
};

}  // namespace enxerto::cli
