#include "enxerto/workflow/refit.h"

#include <algorithm>
#include <cstddef>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

constexpr std::size_t kWorthIt = 10'000;

}  // namespace

bool is_to_refit(Refit asked, const RowRoles& roles, std::span<const Phase> phases, bool validation_chooses) {
  if (asked == Refit::never) return false;
  if (asked == Refit::always && !validation_chooses)
    throw usage_error("training.refit", "true, where nothing is chosen", "validation examples and a phase of epochs",
                      "leave it out: all examples are learned from already");
  if (asked == Refit::always) return true;
  const bool follows =
      std::ranges::any_of(phases, [](const Phase& phase) { return phase.schedule.kind == "reduce_on_plateau"; });
  return validation_chooses && roles.validation_was_cut && !follows &&
         roles.train.size() + roles.validation.size() < kWorthIt;
}

}  // namespace enxerto
