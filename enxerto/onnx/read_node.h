#pragma once
#include <string>

#include "enxerto/graph/graph.h"

namespace enxerto_onnx {
class NodeProto;
}

namespace enxerto {

class TensorReader;

/// The node with its attributes; its stage is what `to_onnx_bytes` wrote. A Constant in any of its forms has the one
/// attribute "value". Throws Error{weights} for attributes that no known operation has (texts, graphs, types).
Node read_node(enxerto_onnx::NodeProto& proto, TensorReader& tensors, const std::string& where);

/// The module that the node comes from, as PyTorch's exporters write it: "layer1.0.conv1"; "" where it is not known.
std::string scope_of(const enxerto_onnx::NodeProto& proto);

}  // namespace enxerto
