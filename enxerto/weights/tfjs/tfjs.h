#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "enxerto/weights/read_weights.h"

namespace enxerto {

/// Bytes of one shard; whatever owns them lives as long as `data`.
struct TfjsShard {
  std::shared_ptr<const std::byte> data;
  std::uint64_t size = 0;
};

/// Gives the shard of a path that the manifest names: relative, without ".."; throws Error{weights} where there is
/// none.
using TfjsShardSource = std::function<TfjsShard(const std::string& path)>;

/// Whether the bytes are JSON that can be a TF.js manifest: a `model.json` or a `weights_manifest.json`.
bool looks_like_tfjs(std::span<const std::byte> bytes);

/// Reads the weights of a TensorFlow.js model by its `model.json` (layers model or graph model) or, as converters
/// before 1.0 wrote it, its `weights_manifest.json`; the shards lie in the manifest's folder
/// (https://github.com/tensorflow/tfjs/blob/master/tfjs-core/src/io/types.ts).
///
/// Names are the manifest's. Those of a layers model are Keras's, `<layer>/<variable>` ("Conv1/kernel",
/// "expanded_conv_depthwise/depthwise_kernel"), nested models with their prefix as the converter wrote it, and the
/// tensors come in the order of the layers in the model's topology, because the manifest's is often alphabetical.
/// Layouts are Keras's too. Quantised weights (uint8, uint16, float16) are restored to their declared type as
/// TensorFlow.js restores them. Throws Error{weights}.
WeightFile read_tfjs(const std::filesystem::path& manifest);

/// The shards in the folder of a manifest, memory-mapped.
TfjsShardSource tfjs_shards_beside(const std::filesystem::path& manifest);

/// The same from memory. `where` is what errors name.
WeightFile read_tfjs(std::string_view text, const TfjsShardSource& shards, std::string_view where);

}  // namespace enxerto
