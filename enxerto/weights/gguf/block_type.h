#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "enxerto/base/dtype.h"

namespace enxerto {

/// How ggml stores the numbers of a tensor: in blocks of so many numbers and bytes (ggml/src/ggml-common.h).
struct GgufBlockType {
  std::uint32_t id = 0;
  std::string_view name;
  std::size_t numbers = 1, bytes = 0;  ///< of a block
  std::optional<DType> plain = {};     ///< the element type where each block is one number as it is
  void (*dequantise)(const std::byte* block, float* to) = nullptr;  ///< `numbers` of them, otherwise
};

/// nullptr for a type that is not read.
const GgufBlockType* gguf_block_type(std::uint32_t id);

/// The name of any type that ggml has, "IQ4_XS"; "" for another.
std::string_view gguf_type_name(std::uint32_t id);

/// Those that are read.
std::span<const GgufBlockType> gguf_block_types();

}  // namespace enxerto
