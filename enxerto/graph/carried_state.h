#pragma once
#include <string>
#include <vector>

#include "enxerto/graph/graph.h"

namespace enxerto {

/// The state of a recurrent layer that is handed on: an input and an output of a graph, both (1, batch, hidden).
struct CarriedValue {
  std::string input, output;
};

/// A graph whose recurrent layers begin with states that it is given and hand out those that they end with.
struct CarryingGraph {
  Graph graph;
  std::vector<CarriedValue> carried;  ///< empty where no layer has a state to hand on
};

/// Gives each LSTM, GRU and RNN that reads forwards, and begins with zeros, inputs for its states and outputs for those
/// at each example's length, behind the graph's own. A text that is read in pieces can so be read as a whole: what
/// truncated back-propagation through time needs (Williams, Peng 1990), and a language model that goes on writing.
CarryingGraph with_carried_states(Graph graph);

}  // namespace enxerto
