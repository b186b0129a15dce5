#pragma once
#include <string_view>

namespace enxerto {

/// Enxerto's version, "major.minor.patch".
std::string_view version();

}  // namespace enxerto
