#pragma once
#include <string>
#include <unordered_set>

namespace enxerto_onnx {
class GraphProto;
}

namespace enxerto {

/// Puts the nodes into an order in which each value is defined before it is used; nodes that are in one already stay as
/// they are. `given` holds the inputs and initializers. Throws Error{weights} for a cycle, a value that nothing
/// defines, and one that is defined twice.
void order_nodes(enxerto_onnx::GraphProto& graph, const std::unordered_set<std::string>& given,
                 const std::string& where);

}  // namespace enxerto
