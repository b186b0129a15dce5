#include <cstdint>

#include "enxerto/base/error.h"
#include "enxerto/base/hash.h"
#include "enxerto/weights/pytorch/pytorch.h"

/// Whatever the bytes are, reading them as a file of PyTorch before 1.6 gives tensors whose bytes can be read, or an
/// Error{weights}.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const auto file = enxerto::read_pytorch_legacy(
        {.bytes = std::as_bytes(std::span(data, size)), .owner = nullptr, .where = "fuzz", .path = {}});
    for (const auto& entry : file.tensors) enxerto::hash128(entry.second.bytes());
  } catch (const enxerto::Error& error) {
    if (error.kind() != enxerto::ErrorKind::weights) __builtin_trap();
  }
  return 0;
}
