#pragma once
#include <string_view>

namespace enxerto::cli {

/// Writes to standard error. Where it takes nothing more, as after the terminal was closed, nothing is said: a run goes
/// on, and saves what it has.
void tell(std::string_view text);

}  // namespace enxerto::cli
