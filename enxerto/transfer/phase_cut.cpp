#include "enxerto/transfer/phase_cut.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <vector>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

/// Stages before which a single value crosses.
std::vector<std::string> places_to_cut(const Graph& network) {
  std::vector<std::string> places;
  for (const std::string& stage : network.stages()) {
    if (crossing(network, stage_begin(network, stage)).size() == 1) places.push_back(stage);
  }
  return places;
}

}  // namespace

Halves cut_for_phase(const Graph& network, std::string_view train_from) {
  const std::vector<std::string> stages = network.stages();
  if (train_from == "all" || (!stages.empty() && train_from == stages.front())) {
    Graph pixels{.name = "pixels", .inputs = network.inputs, .outputs = network.inputs, .nodes = {}, .parameters = {}};
    return {.prefix = std::move(pixels), .suffix = network};
  }
  Halves halves = cut_at_frontier(network, train_from);
  if (halves.suffix.inputs.size() == 1) return halves;
  throw Error(ErrorKind::weights,
              {.where = fmt::format("train_from = '{}'", train_from),
               .found = fmt::format("{} values cross the cut", halves.suffix.inputs.size()),
               .expected = fmt::format("a cut that one value crosses: {}", fmt::join(places_to_cut(network), ", ")),
               .tip = ""});
}

}  // namespace enxerto
