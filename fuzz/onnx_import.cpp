#include "enxerto/onnx/import.h"

#include <cstdint>

#include "enxerto/base/error.h"
#include "enxerto/graph/infer.h"

/// Whatever the bytes are, reading them gives a graph that is well formed and whose shapes go together, or an
/// Error{weights}.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const enxerto::OnnxModel model =
        enxerto::parse_onnx(std::as_bytes(std::span(data, size)), "fuzz", "/nonexistent/folder");
    enxerto::check(model.graph);
    enxerto::infer_shapes(model.graph);
  } catch (const enxerto::Error& error) {
    if (error.kind() != enxerto::ErrorKind::weights) __builtin_trap();
  }
  return 0;
}
