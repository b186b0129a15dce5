#pragma once
#include <string>
#include <string_view>

#include "enxerto/base/error.h"

namespace enxerto::cli {

/// Refuses options that have no effect on a network: what was found, and what would take them.
struct IdleOptions {
  std::string_view found, expected;

  void refuse(std::string_view option, bool given) const {
    if (given) throw usage_error(std::string(option), std::string(found), std::string(expected), "leave it out");
  }
};

}  // namespace enxerto::cli
