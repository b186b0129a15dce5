#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <unordered_map>

#include "enxerto/graph/graph.h"

namespace enxerto {

/// The opsets of the default domain that are read. What they say differently from opset 20 is rewritten.
inline constexpr std::int64_t kOldestOpset = 7;
inline constexpr std::int64_t kNewestOpset = 22;

/// An ONNX file as a graph, and what else the file says.
struct OnnxModel {
  Graph graph;  ///< in opset 20; stages as `to_onnx_bytes` wrote them, else one without a name
  std::map<std::string, std::string> metadata;  ///< of the model
  std::unordered_map<std::string, std::string>
      scopes;  ///< by node name: the module it comes from, "layer1.0.conv1"; only those that are known
  std::int64_t opset = 0;
  std::string producer;  ///< "pytorch 2.15.0"
};

/// Knows by a file's metadata how large an input of (batch, ..) is where the file leaves that open; of inputs of other
/// ranks nothing is said.
using OpenSizes = std::function<SymbolicShape(const std::map<std::string, std::string>& metadata)>;

/// Reads a model. Weights become parameters, under the names that the file gives them or, where those are numbers, the
/// names of their modules; small constants and numbers that no training changes become Constant nodes. Model functions
/// are written out, Identity and inference-time Dropout go, arithmetic on fixed shapes is done. Weights next to the
/// file (external data) are memory-mapped.
///
/// Throws Error{weights}, naming the file: it is not an ONNX model, is truncated, has an unsupported opset, external
/// data outside of its folder or beyond the data file's end, a cycle, values that are missing or defined twice, sparse
/// tensors or element types that are not held here; control flow and operators that are not known are named together in
/// one list.
OnnxModel read_onnx(const std::filesystem::path& path, const OpenSizes& sizes = nullptr);

/// `OnnxModel::metadata` alone.
std::map<std::string, std::string> onnx_metadata(const std::filesystem::path& path);

/// The same from memory; external data is looked for in `folder`. `where` names the source in errors.
OnnxModel parse_onnx(std::span<const std::byte> bytes, const std::string& where, const std::filesystem::path& folder);

}  // namespace enxerto
