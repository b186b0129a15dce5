#pragma once
#include <memory>

#include "enxerto/base/progress.h"

namespace enxerto::cli {

struct TerminalOptions {
  bool quiet = false;
};

/// Progress on standard error: on a terminal a bar with rate and time left, redrawn at most ten times a second;
/// otherwise one line a part. Notices are lines of their own. Colours obey NO_COLOR and TERM=dumb.
std::unique_ptr<Progress> terminal_progress(const TerminalOptions& options);

}  // namespace enxerto::cli
