#include "enxerto/graph/training_only.h"

namespace enxerto {

bool is_training_only(const Node& node) { return node.op == "Dropout"; }

}  // namespace enxerto
