#include <cstdint>

#include "enxerto/base/error.h"
#include "enxerto/base/hash.h"
#include "enxerto/weights/pytorch/pytorch.h"

/// Whatever the bytes are, reading them as a zip file of PyTorch gives tensors whose bytes can be read, or an
/// Error{weights}. Seeds have no checksums, so that what the fuzzer changes is not stopped by one.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const auto file = enxerto::read_pytorch_zip(std::as_bytes(std::span(data, size)), nullptr, "fuzz");
    for (const auto& entry : file.tensors) enxerto::hash128(entry.second.bytes());
  } catch (const enxerto::Error& error) {
    if (error.kind() != enxerto::ErrorKind::weights) __builtin_trap();
  }
  return 0;
}
