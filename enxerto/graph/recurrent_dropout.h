#pragma once
#include "enxerto/graph/graph.h"

namespace enxerto {

/// What a network of recurrent layers is trained with, and is not predicted with: AWD-LSTM's dropouts (Merity et al.
/// 2017, arXiv:1708.02182), `strength` times as in ULMFiT's language model (Howard, Ruder 2018). Whole words are left
/// out (0.02); what enters the first layer loses the same features at every step (0.25), so does what goes on to the
/// next (0.15) and what leaves the last (0.1); the recurrent weights lose single numbers (0.2). A share is never more
/// than 0.9. Layers of `graph` alone: those in a frozen part before it run as in prediction. A graph without recurrent
/// layers, and a strength of 0, change nothing.
Graph with_recurrent_dropout(const Graph& graph, double strength);

}  // namespace enxerto
