#pragma once
#include <string>
#include <string_view>

namespace enxerto {

/// A to Z in lower case, all else as it is, whatever the locale: for words of formats, names and endings of files.
constexpr char lower_case(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
std::string lower_case(std::string_view text);

}  // namespace enxerto
