#pragma once
#include <array>
#include <string_view>

#include "enxerto/base/words.h"

namespace enxerto {

/// The arithmetic that is asked for; `automatic` ("auto") leaves the choice to the run.
enum class AskedPrecision { automatic, fp32, bf16 };
template <>
inline constexpr std::array<std::string_view, 3> kWords<AskedPrecision>{"auto", "fp32", "bf16"};

}  // namespace enxerto
