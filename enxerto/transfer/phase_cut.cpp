#include "enxerto/transfer/phase_cut.h"

#include <utility>
#include <vector>

namespace enxerto {

Halves cut_for_phase(const Graph& network, std::string_view train_from) {
  const std::vector<std::string> stages = network.stages();
  if (train_from == "all" || (!stages.empty() && train_from == stages.front())) {
    Graph pixels{.name = "pixels", .inputs = network.inputs, .outputs = network.inputs, .nodes = {}, .parameters = {}};
    return {.prefix = std::move(pixels), .suffix = network};
  }
  return cut_at_frontier(network, train_from);
}

}  // namespace enxerto
