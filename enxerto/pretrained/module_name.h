#pragma once
#include <string_view>

namespace enxerto {

/// The module at the top that a tensor lies in: "layer3" of "layer3.0.conv1.weight"; the whole name where it lies in
/// none.
inline std::string_view first_module(std::string_view name) { return name.substr(0, name.find('.')); }

}  // namespace enxerto
