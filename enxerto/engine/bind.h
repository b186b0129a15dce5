#pragma once
#include <string>
#include <vector>

#include "enxerto/base/tensor_map.h"
#include "enxerto/graph/graph.h"
#include "enxerto/graph/symbol_size.h"

namespace enxerto {

/// The tensors that are named as the graph's inputs, in its order; others are not looked at. Throws Error{data} for an
/// input that is not there.
std::vector<Tensor> in_order(const Graph& graph, const TensorMap& inputs);

/// The sizes that the symbols of the graph's inputs have in `inputs`, one tensor for each of them in its order. Throws
/// Error{data}, naming the input, for a wrong dtype, rank or size, an empty dimension, and a symbol with two sizes.
SymbolSizes symbol_sizes(const Graph& graph, const std::vector<Tensor>& inputs);

/// The one symbol of the graph's inputs; "" where they have none or several.
std::string only_symbol(const Graph& graph);

/// True where an input has a symbolic dimension.
bool has_symbols(const Graph& graph);

/// The graph with these symbols replaced by their sizes in inputs and outputs. Tensors are shared.
Graph bind(const Graph& graph, const SymbolSizes& sizes);

}  // namespace enxerto
