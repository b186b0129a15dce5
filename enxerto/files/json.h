#pragma once
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "enxerto/base/error.h"

namespace enxerto {

/// Keys keep the order in which they were written.
using Json = nlohmann::ordered_json;

/// Strict JSON (RFC 8259) in UTF-8: no comments, no trailing text, no duplicate key, at most 64 levels deep.
/// Throws Error{kind} with `where` and the position.
Json parse_json(std::string_view text, std::string_view where, ErrorKind kind = ErrorKind::data);

/// The same from a file of at most `limit` bytes.
Json read_json(const std::filesystem::path& path, std::size_t limit, ErrorKind kind = ErrorKind::data);

/// Member `key` of `object` as `T`; throws Error{kind} naming `where` and `key` where it is missing or of another type.
template <typename T>
T member(const Json& object, std::string_view key, std::string_view where, ErrorKind kind = ErrorKind::data) {
  try {
    return object.at(std::string(key)).get<T>();
  } catch (const nlohmann::json::exception&) {
    throw Error(kind,
                {.where = std::string(where), .found = "'" + std::string(key) + "' is missing or of the wrong type"});
  }
}

}  // namespace enxerto
