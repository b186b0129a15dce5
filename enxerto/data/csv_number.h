#pragma once
#include <optional>
#include <string_view>

namespace enxerto {

/// A finite number that float32 holds, with a decimal point whatever the locale, spaces around it and a sign allowed;
/// nullopt for all else.
std::optional<float> csv_number(std::string_view cell);

/// Whether it is 0 or 1 as a number.
bool is_binary(std::string_view cell);

}  // namespace enxerto
