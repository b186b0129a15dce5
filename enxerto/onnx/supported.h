#pragma once
#include <string>

namespace enxerto_onnx {
class GraphProto;
}

namespace enxerto {

/// Throws Error{weights} that names all operators of the graph that cannot be read, each with its number and first
/// nodes: control flow, other domains, unknown ones.
void check_operators(const enxerto_onnx::GraphProto& graph, const std::string& where);

}  // namespace enxerto
