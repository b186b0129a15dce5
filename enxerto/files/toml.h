#pragma once
#include <filesystem>
#include <string>
#include <string_view>

#include "enxerto/base/error.h"
#include "enxerto/files/json.h"

namespace enxerto {

/// TOML 1.0 as a tree, keys in the order in which they were written. Dates and times, which no recipe has, are refused.
/// Throws Error{kind} with `where` and the line.
Json parse_toml(std::string_view text, std::string_view where, ErrorKind kind = ErrorKind::usage);

/// The same from a file of at most `limit` bytes.
Json read_toml(const std::filesystem::path& path, std::size_t limit, ErrorKind kind = ErrorKind::usage);

/// A text as a TOML basic string, quotes included.
std::string toml_quote(std::string_view text);

/// An object as TOML text that `parse_toml` reads back equal: plain members first, then tables, then arrays of tables,
/// each in the object's order. Members that are null are left out, as TOML has none. Throws Error{usage} where the root
/// is not an object, a null is inside an array or a number is above 2^63 - 1.
std::string to_toml(const Json& object);

}  // namespace enxerto
