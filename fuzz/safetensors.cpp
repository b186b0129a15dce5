#include "enxerto/weights/safetensors.h"

#include <cstdint>

#include "enxerto/base/error.h"
#include "enxerto/base/hash.h"

/// Whatever the bytes are, reading them gives tensors that lie inside them, or an Error{weights}.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    enxerto::Metadata metadata;
    const auto tensors = enxerto::read_safetensors(
        {.bytes = std::as_bytes(std::span(data, size)), .owner = nullptr, .where = "fuzz", .path = {}}, &metadata);
    for (const auto& entry : tensors) enxerto::hash128(entry.second.bytes());
  } catch (const enxerto::Error& error) {
    if (error.kind() != enxerto::ErrorKind::weights) __builtin_trap();
  }
  return 0;
}
