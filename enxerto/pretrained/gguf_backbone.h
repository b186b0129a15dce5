#pragma once
#include <filesystem>

#include "enxerto/pretrained/load_backbone.h"

namespace enxerto {

/// Whether it is a file that begins as GGUF files do.
bool is_gguf_file(const std::filesystem::path& path);

/// The network of texts that a GGUF file holds, of the architectures "llama" and "qwen2", with its tokenizer, and
/// without the layer that predicts words. Quantised weights are float32 numbers here. Throws Error{weights} for another
/// architecture, a tokenizer that is not read, sizes that are missing, and tensors that do not fit; Error{usage} for a
/// size in pixels.
Backbone gguf_backbone(const std::filesystem::path& file, const LoadOptions& options);

}  // namespace enxerto
