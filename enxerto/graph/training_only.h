#pragma once
#include "enxerto/graph/graph.h"

namespace enxerto {

/// True for an operation that does something in training only and hands its first input on in prediction: Dropout. It
/// is random, so that nothing behind it may be computed once and kept.
bool is_training_only(const Node& node);

}  // namespace enxerto
