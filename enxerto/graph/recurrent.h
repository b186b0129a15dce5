#pragma once
#include <cstdint>
#include <string_view>

#include "enxerto/graph/graph.h"

namespace enxerto {

/// The recurrent operators LSTM, GRU and RNN by ONNX's meaning (opset 14, layout 0, hidden_size stated): inputs X
/// (length, batch, features), W (directions, gates * hidden, features), R (directions, gates * hidden, hidden), B
/// (directions, 2 * gates * hidden), sequence_lens (batch), initial_h and initial_c (directions, batch, hidden);
/// outputs Y (length, directions, batch, hidden), Y_h and Y_c. Gates in the order i o f c (LSTM) and z r h (GRU).
/// Behind an example's length Y is zero, and the states are those at the length; a reverse direction starts at the
/// length. Activations are the usual ones.

/// 4, 3 or 1; 0 for another operator.
std::int64_t recurrent_gates(std::string_view op);

/// 1, or 2 for "bidirectional". Throws Error{weights} for a direction that is unknown.
std::int64_t recurrent_directions(const Node& node);

}  // namespace enxerto
