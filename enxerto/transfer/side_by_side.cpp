#include "enxerto/transfer/side_by_side.h"

#include <algorithm>

#include "enxerto/base/threads.h"
#include "enxerto/engine/trainer_options.h"

namespace enxerto {
namespace {

constexpr std::int64_t kFewestExamples = 4;      ///< of a part: fewer leave vectors and products of matrices half empty
constexpr std::uint64_t kMostValues = 64 << 20;  ///< of gradients beside those of one part: 256 MB

}  // namespace

int parts_side_by_side(const TrainerOptions& options, const Graph& learner, const StepFacts& step) {
  if (step.compares_examples || !one_by_one(options, learner).empty()) return 1;
  const auto by_memory = static_cast<std::int64_t>(1 + kMostValues / std::max<std::uint64_t>(step.learned_values, 1));
  const std::int64_t parts = std::min(
      {static_cast<std::int64_t>(resolve_threads(options.threads)), step.batch_size / kFewestExamples, by_memory});
  return static_cast<int>(std::max<std::int64_t>(parts, 1));
}

}  // namespace enxerto
