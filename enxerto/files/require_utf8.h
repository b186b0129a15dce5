#pragma once
#include <cstddef>
#include <optional>
#include <string_view>

#include "enxerto/base/error.h"

namespace enxerto {

/// Where the first byte of `text` is that is not UTF-8 (RFC 3629), or is NUL; the end of the text where there is none.
std::size_t first_bad_byte(std::string_view text);

/// Marked as UTF-16, or every second byte of the beginning is zero, as that of Latin letters is there; a stray zero
/// byte is no sign of it.
bool is_utf16(std::string_view text);

/// What is wrong with `text`, which is to be UTF-8 without NUL bytes: line and byte, what Windows-1252 would have
/// there, and how it is converted. nullopt where nothing is.
std::optional<ErrorText> wrong_encoding(std::string_view text, std::string_view where);

/// Throws it as Error{data}.
void require_utf8(std::string_view text, std::string_view where);

}  // namespace enxerto
