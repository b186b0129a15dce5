#include "enxerto/transfer/carry_states.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/progress.h"
#include "enxerto/base/quantity.h"
#include "enxerto/base/to_size.h"
#include "enxerto/data/pieces.h"
#include "enxerto/graph/carried_state.h"

namespace enxerto {
namespace {

/// One piece of so many must go on from another before they are laid end to end: batches are then not of like lengths.
constexpr std::size_t kPiecesPerWorthyOne = 10;

}  // namespace

std::vector<std::size_t> carry_states(Graph& learner, TrainerOptions& options, const Phase& phase,
                                      const PhaseContext& context, const std::string& name, Progress& progress) {
  if (!phase.carry_state || phase.batch_tokens > 0) return {};
  if (phase.steps_per_epoch > 0) return {};  // streams that end early always begin alike
  CarryingGraph carrying = with_carried_states(learner);
  if (carrying.carried.empty()) return {};
  std::vector<std::size_t> before = pieces_before(*context.dataset, context.training);
  const std::size_t starts = to_size(std::ranges::count(before, kNothingBefore)), going_on = before.size() - starts;
  if (going_on == 0 || going_on * kPiecesPerWorthyOne < before.size()) return {};
  learner = std::move(carrying.graph);
  options.carried = std::move(carrying.carried);
  options.carried_examples = phase.batch_size;
  progress.notice(fmt::format("{}: {} of {} begin with the states that the one before has left (carry_state)", name,
                              going_on, counted(before.size(), "block")));
  return before;
}

}  // namespace enxerto
