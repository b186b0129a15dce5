#pragma once
#include <string>

#include "enxerto/graph/graph.h"

namespace enxerto {

/// Throws Error{usage} where a network of tokens sees what comes after a token: where another last word changes the
/// states of those before it (BERT, layers in both directions). Runs it twice on a few words.
void require_causal(const Graph& network, const std::string& name);

}  // namespace enxerto
