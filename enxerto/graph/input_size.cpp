#include "enxerto/graph/input_size.h"

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/graph/infer.h"

namespace enxerto {
namespace {

[[noreturn]] void refuse(const Graph& graph, std::int64_t size, const std::string& why) {
  throw usage_error(graph.name, fmt::format("a size of {} px, which does not fit: {}", size, why),
                    "the size that it was saved with", "leave out input.size");
}

/// Types of the values at the new size; an inference error becomes one about the size.
ValueTypes types_at(const Graph& graph, std::int64_t size) {
  try {
    return infer_shapes(graph);
  } catch (const Error& error) {
    refuse(graph, size, error.what());
  }
}

}  // namespace

Graph with_input_size(Graph graph, std::int64_t size) {
  if (graph.inputs.size() != 1 || graph.inputs.front().shape.size() != 4)
    refuse(graph, size, "it does not take one map");
  SymbolicShape& shape = graph.inputs.front().shape;
  if (shape[2] == Dim(size) && shape[3] == Dim(size)) return graph;
  shape[2] = shape[3] = size;
  const ValueTypes types = types_at(graph, size);
  for (const Value& output : graph.outputs)
    if (const SymbolicShape& now = types.at(output.name).shape; now != output.shape)
      refuse(graph, size,
             fmt::format("'{}' would be {}, not {}", output.name, to_string(now), to_string(output.shape)));
  return graph;
}

}  // namespace enxerto
