#include "enxerto/weights/npz/npz.h"

#include <cstdint>

#include "enxerto/base/error.h"
#include "enxerto/base/hash.h"

/// Whatever the bytes are, reading them gives tensors that lie inside them, or an Error{weights}.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const enxerto::WeightFile file = enxerto::read_npz(std::as_bytes(std::span(data, size)), nullptr, "fuzz");
    for (const auto& entry : file.tensors) enxerto::hash128(entry.second.bytes());
  } catch (const enxerto::Error& error) {
    if (error.kind() != enxerto::ErrorKind::weights) __builtin_trap();
  }
  return 0;
}
