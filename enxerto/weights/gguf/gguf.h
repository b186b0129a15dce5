#pragma once
#include <cstddef>
#include <span>

#include "enxerto/weights/file_source.h"
#include "enxerto/weights/read_weights.h"

namespace enxerto {

/// Whether the bytes begin as those of a GGUF file.
bool looks_like_gguf(std::span<const std::byte> bytes);

/// The tensors of a GGUF file under its own names ("blk.0.attn_q.weight"), float32, float16 and bfloat16 where they lie
/// in the map, quantised ones as float32. Metadata are its values as texts; lists by their length. Throws as
/// `read_gguf_header`.
WeightFile read_gguf(const FileSource& source);

}  // namespace enxerto
