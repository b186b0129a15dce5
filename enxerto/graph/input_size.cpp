#include "enxerto/graph/input_size.h"

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/graph/infer.h"

namespace enxerto {
namespace {

/// Why a network whose input has the size does not give what it gives; "" where it does.
std::string misfit(const Graph& graph, std::int64_t size) {
  Graph sized = graph;
  sized.inputs.front().shape[2] = sized.inputs.front().shape[3] = size;
  try {
    const ValueTypes types = infer_shapes(sized);
    for (const Value& output : graph.outputs)
      if (const SymbolicShape& now = types.at(output.name).shape; now != output.shape)
        return fmt::format("'{}' would be {}, not {}", output.name, to_string(now), to_string(output.shape));
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

/// The least size that fits, where all above it do up to `fitting`.
std::int64_t smallest_fit(const Graph& graph, std::int64_t size, std::int64_t fitting) {
  while (fitting - size > 1) {
    const std::int64_t middle = size + (fitting - size) / 2;
    (misfit(graph, middle).empty() ? fitting : size) = middle;
  }
  return fitting;
}

[[noreturn]] void refuse(const Graph& graph, std::int64_t size, const std::string& why) {
  throw usage_error(graph.name, fmt::format("an input of {} px, which does not fit: {}", size, why),
                    "the size that it was saved with", "leave out input.size");
}

[[noreturn]] void refuse_size(const Graph& graph, std::int64_t size, const std::string& why) {
  const Dim saved = graph.inputs.front().shape[2];
  if (saved.is_symbolic()) refuse(graph, size, why);
  const std::int64_t least = size < saved.size ? smallest_fit(graph, size, saved.size) : saved.size;
  if (least == saved.size)
    throw usage_error(graph.name, fmt::format("an input of {} px, which does not fit: {}", size, why),
                      fmt::format("{} px, as it was saved", saved.size), "leave out input.size");
  throw usage_error(graph.name, fmt::format("an input of {} px, too small for this network", size),
                    fmt::format("at least {} px; it was saved with {}", least, saved.size),
                    fmt::format("input.size = {}, or leave it out", least));
}

}  // namespace

Graph with_input_size(Graph graph, std::int64_t size) {
  if (graph.inputs.size() != 1 || graph.inputs.front().shape.size() != 4)
    refuse(graph, size, "it does not take one map");
  SymbolicShape& shape = graph.inputs.front().shape;
  if (shape[2] == Dim(size) && shape[3] == Dim(size)) return graph;
  if (const std::string why = misfit(graph, size); !why.empty()) refuse_size(graph, size, why);
  shape[2] = shape[3] = size;
  return graph;
}

}  // namespace enxerto
