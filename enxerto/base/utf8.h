#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace enxerto {

/// Length of the UTF-8 sequence at the front of `text`, which is not empty; 0 where there is none (RFC 3629: shortest
/// forms, no surrogates).
std::size_t utf8_length(std::string_view text);

/// A character of a text, as Python counts them.
struct CodePoint {
  std::uint32_t value = 0;
  std::string_view bytes;
};

/// The first of `text`, which is not empty. A byte that is no UTF-8 stands for itself.
CodePoint first_point(std::string_view text);

/// A code point in UTF-8.
std::string point_text(std::uint32_t point);

/// `text` behind the mark that editors of Windows put first.
std::string_view without_byte_order_mark(std::string_view text);

/// Bytes that are no UTF-8 as \xNN, all else as it is.
std::string as_utf8(std::string_view text);

}  // namespace enxerto
