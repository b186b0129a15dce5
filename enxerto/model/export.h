#pragma once
#include <filesystem>

#include "enxerto/bundle/bundle.h"

namespace enxerto {

struct OnnxExportOptions {
  bool external = false;  ///< parameters in a file beside, called like the path with ".data" behind
};

/// Writes the whole network, preprocessed examples in and probabilities out, as one ONNX file that any runtime reads.
/// Its metadata_props hold what a reader needs beside: "enxerto.version", "enxerto.task", "enxerto.labels" (a JSON list
/// by class index) and "enxerto.preprocess" (a JSON object). Throws Error{disk}, and Error{usage} where the parameters
/// are too large to be inside.
void export_onnx(const Bundle& bundle, const std::filesystem::path& path, const OnnxExportOptions& options = {});

}  // namespace enxerto
