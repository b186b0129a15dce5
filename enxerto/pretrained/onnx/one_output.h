#pragma once
#include <string>
#include <vector>

#include "enxerto/graph/graph.h"

namespace enxerto {

/// The same network with one output of a row an example: "logits", or "features" where no classifier makes it. A
/// Softmax, LogSoftmax or Sigmoid at the end goes; a map is averaged over all but its channels, which what made it
/// tells (`channel_axis`); further outputs go, which `notes` says. Throws Error{weights} naming `where` for other
/// outputs.
Graph with_one_output(Graph graph, const std::string& where, std::vector<std::string>& notes);

}  // namespace enxerto
