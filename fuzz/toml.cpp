#include "enxerto/files/toml.h"

#include <cstdint>

/// Whatever the bytes are, parsing them gives a tree whose text is a fixed point of writing and parsing, or an
/// Error{usage}.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const std::string written = enxerto::to_toml(enxerto::parse_toml(text, "fuzz"));
    if (enxerto::to_toml(enxerto::parse_toml(written, "again")) != written) __builtin_trap();
  } catch (const enxerto::Error& error) {
    if (error.kind() != enxerto::ErrorKind::usage) __builtin_trap();
  }
  return 0;
}
