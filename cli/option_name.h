#pragma once
#include <string>
#include <string_view>

namespace enxerto::cli {

/// "--size" of the recipe key "input.size"; "" of a key that is no option.
std::string option_of_key(std::string_view key);

/// A sentence of the library with its keys as the options that set them: "output.replace = true, or another
/// output.path" as "--replace, or another --output".
std::string with_options(std::string text);

}  // namespace enxerto::cli
