#pragma once
#include <string>
#include <string_view>

namespace enxerto::cli {

/// "--size" of the recipe key "input.size"; "" of a key that is no option.
std::string option_of_key(std::string_view key);

}  // namespace enxerto::cli
