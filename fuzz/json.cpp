#include "enxerto/files/json.h"

#include <cstdint>

/// Whatever the bytes are, parsing them gives a tree that is written and parsed again equal, or an Error{data}.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const enxerto::Json tree = enxerto::parse_json(text, "fuzz");
    if (enxerto::parse_json(tree.dump(), "again") != tree) __builtin_trap();
  } catch (const enxerto::Error& error) {
    if (error.kind() != enxerto::ErrorKind::data) __builtin_trap();
  }
  return 0;
}
