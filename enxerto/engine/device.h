#pragma once
#include <array>
#include <string_view>

#include "enxerto/base/words.h"

namespace enxerto {

/// Where a network is trained.
enum class Device { cpu, cuda };
template <>
inline constexpr std::array<std::string_view, 2> kWords<Device>{"cpu", "cuda"};

}  // namespace enxerto
