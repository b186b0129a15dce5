#include "enxerto/transfer/alike_examples.h"

#include <numeric>

#include "enxerto/heads/loss.h"
#include "enxerto/tasks/task.h"
#include "enxerto/transfer/target_source.h"

namespace enxerto {

std::vector<std::int64_t> alike_examples(const PhaseContext& context) {
  if (loss_target(context.task->loss().kind) != LossTarget::identity) return {};
  const TargetSource source(context.task, context.dataset, context.training);
  std::vector<std::size_t> all(source.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  const Tensor identities = source.get(all).at(kLossTarget);
  const auto numbers = identities.as<std::int64_t>();
  return {numbers.begin(), numbers.end()};
}

}  // namespace enxerto
