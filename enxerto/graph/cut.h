#pragma once
#include <string>
#include <string_view>

#include "enxerto/graph/graph.h"

namespace enxerto {

/// Two graphs that, run one after the other, are the whole. What crosses is named the same in both: outputs of
/// `prefix`, inputs of `suffix`.
struct Halves {
  Graph prefix, suffix;
};

/// Cuts before the first node of `first_trained_stage`. Tensors are shared, not copied. Throws Error{usage} for a name
/// that is no stage, listing the stages (nearest first).
Halves cut(const Graph& graph, std::string_view first_trained_stage);

/// Cuts at the frontier: the smallest value (bytes per example) between the cut before `first_trained_stage` and the
/// first node after it that holds a parameter. With a pooled linear head that is the pooled features, not the map
/// before pooling.
Halves cut_at_frontier(const Graph& graph, std::string_view first_trained_stage);

/// `graph` with every stage from `stage` on replaced by `head`, whose one input takes the one value that crosses there.
/// `head`'s nodes, values and parameters keep their names; names that clash throw Error{usage}.
Graph with_head(const Graph& graph, std::string_view stage, const Graph& head);

}  // namespace enxerto
