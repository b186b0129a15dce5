#pragma once
#include <string>
#include <vector>

#include "enxerto/graph/graph.h"

namespace enxerto {

/// What transformers are trained with, and are not predicted with (Vaswani et al. 2017; Devlin et al. 2019): the share
/// `rate` of the attention's weights, of what each branch of a block adds, and of the normalised sum of the embeddings
/// is dropped. Nodes are known by what they do: a softmax that a product takes, a sum of something with a dense layer
/// along the last dimension, a normalisation of a sum of rows of tables. The graph as
/// it is for a rate of 0, and where there are none.
Graph with_block_dropout(const Graph& graph, double rate);

/// The stages of which it drops something, each as often as it does.
std::vector<std::string> dropping_stages(const Graph& graph);

}  // namespace enxerto
