#pragma once
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "enxerto/graph/graph.h"

namespace enxerto {

/// Whether the network takes tokens: an input "input_ids" of whole numbers, (batch, tokens).
bool takes_tokens(const Graph& graph);

/// The same network with inputs (batch, tokens) of int64, and one output "states", (batch, tokens, width): the first
/// that has that rank. Further outputs go, which `notes` says. Throws Error{weights} naming `where` for inputs other
/// than input_ids, attention_mask and token_type_ids, and where no output has a row for each token.
Graph with_token_input(Graph graph, const std::string& where, std::vector<std::string>& notes);

/// Gives each node its stage: "embeddings", then "block0" .. by the numbers of the modules ("/encoder/layer.3/..", and
/// `scopes` by node name) that the nodes are of. One stage where there are no such modules.
Graph with_block_stages(Graph graph, const std::unordered_map<std::string, std::string>& scopes);

/// Rows of the tables that "input_ids" and "token_type_ids" look up, and of the one called after positions; 0 where
/// there is none.
std::int64_t embedding_rows(const Graph& graph);
std::int64_t type_rows(const Graph& graph);
std::int64_t position_rows(const Graph& graph);

}  // namespace enxerto
