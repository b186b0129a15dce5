#pragma once
#include <string>
#include <string_view>

#include "enxerto/graph/cut.h"

namespace enxerto {

/// The network cut for a phase at its frontier. Where everything learns ("all", or the first stage) the prefix has no
/// nodes: what crosses are the inputs. Throws Error{usage} for an unknown stage.
Halves cut_for_phase(const Graph& network, std::string_view train_from);

}  // namespace enxerto
