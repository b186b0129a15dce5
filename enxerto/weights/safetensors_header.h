#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/base/dtype.h"
#include "enxerto/base/shape.h"
#include "enxerto/weights/metadata.h"

namespace enxerto {

/// One tensor as a safetensors header describes it; offsets count from the end of the header.
struct SafetensorsEntry {
  std::string name;
  DType dtype = DType::f32;
  Shape shape;
  std::uint64_t begin = 0, end = 0;
};

struct SafetensorsHeader {
  std::vector<SafetensorsEntry> entries;  ///< in the header's order
  Metadata metadata;
};

/// Parses the JSON text between the length and the data. Throws Error{weights} for anything that the format does not
/// name. Memory is a small multiple of the text: no general JSON tree is built.
SafetensorsHeader parse_safetensors_header(std::string_view text, std::string_view where);

/// The name that the format gives an element type: "F32", "BF16", "BOOL".
std::string_view safetensors_name(DType dtype);

}  // namespace enxerto
