#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/graph/graph.h"
#include "enxerto/weights/tfjs/tfjs.h"

namespace enxerto {

/// A network of TensorFlow.js, and what its reader did.
struct TensorFlowModel {
  Graph graph;                     ///< from its placeholders to the outputs of its signature; one stage without a name
  std::vector<std::string> notes;  ///< outputs that are left out, restored weights
};

/// The `model.json` of a TensorFlow.js graph model: the path itself, or the file in the folder. Empty where it is
/// neither.
std::filesystem::path tensorflow_graph_file(const std::filesystem::path& path);

/// Reads a TensorFlow.js graph model: the graph in its `model.json`, the weights next to it. Maps, which TensorFlow has
/// (batch, height, width, channels), are held as ONNX has them; what the file itself turns is only turned where an
/// operation needs it. Pad before a convolution or a pooling becomes part of it, a sum behind a convolution its bias.
/// Whole numbers are of int64. Outputs that depend on operations that are not read are left out, which `notes` says.
///
/// Throws Error{weights}, naming the file: no such graph, control flow, a cycle, weights that are missing, shapes that
/// do not go together, and operations that are not read where no output can do without: all of them in one list.
TensorFlowModel read_tensorflow(const std::filesystem::path& file);

/// The same from memory. `where` names the source in errors.
TensorFlowModel parse_tensorflow(std::string_view text, const TfjsShardSource& shards, const std::string& where);

}  // namespace enxerto
