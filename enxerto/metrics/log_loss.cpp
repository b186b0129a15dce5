#include "enxerto/metrics/log_loss.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "enxerto/base/error.h"
#include "enxerto/metrics/class_numbers.h"
#include "enxerto/metrics/labelled_scores.h"

namespace enxerto {

void LogLoss::update(const TensorMap& outputs, const TensorMap& targets) {
  constexpr double kLeast = static_cast<double>(std::numeric_limits<float>::epsilon());
  const Tensor labels = class_numbers(targets.at(kTarget));
  const LabelledScores batch = labelled_scores(outputs.at(kProbabilities), labels);
  const auto wrong =
      std::find_if(batch.scores.begin(), batch.scores.end(), [](float p) { return p < 0.0F || p > 1.0F + 1e-5F; });
  if (wrong != batch.scores.end())
    throw data_error("log loss", fmt::format("the probability {}", *wrong), "0 to 1",
                     "apply softmax to the logits first");
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const double probability = static_cast<double>(batch.row(i)[batch.label(i)]);
    sum_ -= std::log(std::clamp(probability, kLeast, 1 - kLeast));
  }
  seen_ += batch.size();
}

void LogLoss::report(MetricsReport& report) const {
  report.values.push_back({.name = "log_loss",
                           .value = sum_ / static_cast<double>(seen_),
                           .higher_is_better = false,
                           .share = false,
                           .title = "log loss"});
}

}  // namespace enxerto
