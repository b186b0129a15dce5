#include <cstdint>

#include "enxerto/base/error.h"
#include "enxerto/base/hash.h"
#include "enxerto/weights/read_weights.h"

/// Whatever the bytes are, a zip or a legacy file of PyTorch or something else, reading them gives tensors whose bytes
/// can be read, or an Error{weights}. Zip seeds have no checksums, so that what the fuzzer changes is not stopped by
/// one.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const auto file = enxerto::read_weights(std::as_bytes(std::span(data, size)), nullptr, "fuzz");
    for (const auto& entry : file.tensors) enxerto::hash128(entry.second.bytes());
  } catch (const enxerto::Error& error) {
    if (error.kind() != enxerto::ErrorKind::weights) __builtin_trap();
  }
  return 0;
}
