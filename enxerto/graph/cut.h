#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/graph/graph.h"

namespace enxerto {

/// Two graphs that, run one after the other, are the whole. What crosses is named the same in both: outputs of
/// `prefix`, inputs of `suffix`. What depends on no input (constants) does not cross: each half has its own. Nor does
/// what is made from inputs without any parameter (an attention mask) or convolution, where the inputs are not larger
/// or its length varies: the inputs cross, as outputs of `prefix` that are inputs of it, and `suffix` makes it again.
struct Halves {
  Graph prefix, suffix;
};

/// Cuts before the first node of `first_trained_stage`. Tensors are shared, not copied. Throws Error{usage} for a name
/// that is not a stage, listing the stages (nearest first).
Halves cut(const Graph& graph, std::string_view first_trained_stage);

/// Cuts at the frontier: the smallest value (bytes per example) between the cut before `first_trained_stage` and the
/// first node after it that holds a parameter or is random (Dropout). With a pooled linear head that is the pooled
/// features, not the map before pooling. Of equals it is the last, so that features come flat; never one whose
/// outermost dimension is not the examples (the steps of a recurrent layer).
Halves cut_at_frontier(const Graph& graph, std::string_view first_trained_stage);

/// The whole again: `suffix` behind `prefix`, joined where an input of the one is named as an output of the other.
/// Throws Error{usage} for an input that `prefix` does not give and for names that clash.
Graph join(const Graph& prefix, const Graph& suffix);

/// `head`, whose one input may have any name, behind `graph`'s one output. `head`'s nodes, values and parameters keep
/// their names; names that clash throw Error{usage}.
Graph append(const Graph& graph, const Graph& head);

/// `graph` with every stage from `stage` on replaced by `head`, whose one input takes the one value that crosses there.
/// `head`'s nodes, values and parameters keep their names; names that clash throw Error{usage}.
Graph with_head(const Graph& graph, std::string_view stage, const Graph& head);

/// The names of the values that cross before node number `position`, in the order in which they are defined: what nodes
/// from there on, or the graph's outputs, take from before it.
std::vector<std::string> crossing(const Graph& graph, std::size_t position);

/// Number of the first node of a stage. Throws Error{usage} as `cut`.
std::size_t stage_begin(const Graph& graph, std::string_view stage);

}  // namespace enxerto
