#pragma once
#include <cstddef>
#include <filesystem>
#include <span>

#include "enxerto/weights/read_weights.h"

namespace enxerto {

/// Whether the bytes are an index as Hugging Face writes it (`model.safetensors.index.json`): an object of JSON with a
/// 'weight_map'.
bool looks_like_shard_index(std::span<const std::byte> bytes);

/// Reads the shards that an index names, files of safetensors or PyTorch in its own folder; each stays a memory map
/// where it can. The tensors come in the order of the shards. A 'total_size' that is not that of the tensors is noted.
/// Throws Error{weights} for a shard that is missing or outside of the folder, and unless the tensors of each shard are
/// those that the index places there.
WeightFile read_sharded(const std::filesystem::path& path);

}  // namespace enxerto
