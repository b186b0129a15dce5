#pragma once
#include <vector>

#include "enxerto/base/kept_state.h"
#include "enxerto/graph/graph.h"

namespace enxerto {

/// A graph whose recurrent layers begin with states that it is given and hand out those that they end with.
struct CarryingGraph {
  Graph graph;
  std::vector<KeptState> carried;  ///< (1, batch, hidden) each; empty where no layer has a state to hand on
};

/// Whether it is an LSTM, GRU or RNN that reads forwards and begins with zeros.
bool has_state_to_carry(const Node& node);

/// Gives each of these layers inputs for its states and outputs for those at each example's length, behind the graph's
/// own. A text that is read in pieces can so be read as a whole: what truncated back-propagation through time needs
/// (Williams, Peng 1990), and a language model that goes on writing.
CarryingGraph with_carried_states(Graph graph);

}  // namespace enxerto
