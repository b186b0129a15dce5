#pragma once
#include <filesystem>
#include <map>
#include <string>

#include "enxerto/graph/graph.h"

namespace enxerto {

/// Where the bytes of the parameters are.
enum class OnnxParameters {
  inside,      ///< in the file itself, 2 GB at most
  by_address,  ///< in this process, as external data at `*/_ORT_MEM_ADDR_/*`: the graph must outlive its readers
};

struct ExportOptions {
  OnnxParameters parameters = OnnxParameters::inside;
  std::map<std::string, std::string> metadata = {};  ///< of the model: labels, preprocessing, licence ..
};

/// The graph as an ONNX model (opset 20, IR version 10), the same bytes for the same graph. Stages are written to the
/// nodes' `metadata_props` as "enxerto.stage". Tensors below 1 KiB are always inside. Throws Error{usage} where the
/// parameters are too large to be inside.
std::string to_onnx_bytes(const Graph& graph, const ExportOptions& options = {});

struct OnnxFileOptions {
  bool external = false;  ///< parameters in a file next to, named `path` with ".data" appended
  std::map<std::string, std::string> metadata = {};
};

/// Writes the model to `path`; with `external`, to `path` and `path`.data, each whole or not at all, data first. Throws
/// Error{disk}, and Error{usage} where the parameters are too large to be inside.
void write_onnx(const Graph& graph, const std::filesystem::path& path, const OnnxFileOptions& options = {});

}  // namespace enxerto
