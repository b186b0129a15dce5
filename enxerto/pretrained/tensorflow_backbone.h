#pragma once
#include <filesystem>

#include "enxerto/pretrained/load_backbone.h"

namespace enxerto {

/// Whether the path is a TensorFlow.js graph model: its `model.json`, or the folder of it.
bool is_tensorflow_graph(const std::filesystem::path& path);

/// A network of pictures in such a model as a backbone, as `onnx_backbone` has one in an ONNX file. Of a detector its
/// own head is left out, and a new one takes the maps before it. Throws as `read_tensorflow` and `onnx_backbone`.
Backbone tensorflow_backbone(const std::filesystem::path& path, const LoadOptions& options);

}  // namespace enxerto
