#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace enxerto {

/// Appends a number as it lies in memory, which is little-endian on every machine that this is built for.
template <typename T>
void add_number(std::string& to, T value) {
  to.append(reinterpret_cast<const char*>(&value), sizeof(value));
}

/// Appends a `text` of answer_format.h.
inline void add_text(std::string& to, std::string_view text) {
  add_number(to, static_cast<std::uint32_t>(text.size()));
  to += text;
}

}  // namespace enxerto
