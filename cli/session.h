#pragma once
#include <functional>
#include <memory>
#include <string>

#include "enxerto/base/progress.h"
#include "enxerto/files/json.h"

namespace enxerto::cli {

/// What every command shares: the options that all of them take, and where its words go. Results go to standard output,
/// progress and notices to standard error.
struct Session {
  bool json = false;             ///< one JSON object instead of text
  bool quiet = false;            ///< no progress, no notices
  bool verbose = false;          ///< what was decided and why
  std::function<int()> command;  ///< set by the command that was named; returns the exit code
  std::unique_ptr<Progress> progress;

  /// Prints `result` with "schema_version" in front, as one line.
  void print(const Json& result) const;
};

}  // namespace enxerto::cli
