#include "enxerto/transfer/phase_targets.h"

#include <numeric>

#include "enxerto/heads/loss.h"
#include "enxerto/tasks/task.h"
#include "enxerto/transfer/target_source.h"

namespace enxerto {

Tensor loss_targets(const PhaseContext& context, const std::vector<std::size_t>& positions) {
  const TargetSource source(context.task, context.dataset, positions);
  std::vector<std::size_t> all(source.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  return source.get(all).at(kLossTarget);
}

std::vector<std::int64_t> alike_examples(const PhaseContext& context) {
  if (!compares_examples(context.task->loss().kind)) return {};
  const Tensor identities = loss_targets(context, context.training);
  const auto numbers = identities.as<std::int64_t>();
  return {numbers.begin(), numbers.end()};
}

}  // namespace enxerto
