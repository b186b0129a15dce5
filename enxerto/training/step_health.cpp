#include "enxerto/training/step_health.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace enxerto {
namespace {

constexpr std::size_t kMostNames = 10;

template <typename T>
bool all_finite(const Tensor& tensor) {
  return std::ranges::all_of(tensor.as<T>(), [](T value) { return std::isfinite(value); });
}

bool is_finite(const Tensor& tensor) {
  if (tensor.dtype() == DType::f32) return all_finite<float>(tensor);
  if (tensor.dtype() == DType::f64) return all_finite<double>(tensor);
  return true;
}

bool is_finite(const TrainBatch& batch, std::int64_t row) {
  return std::ranges::all_of(batch.inputs, [&](const auto& named) {
    const Tensor& input = named.second;
    return input.shape().empty() || input.shape().front() != batch.examples || is_finite(input.rows(row, row + 1));
  });
}

}  // namespace

void count_step(SkippedSteps& skipped, bool applied) {
  if (applied) {
    skipped.in_a_row = 0;
    return;
  }
  ++skipped.total;
  ++skipped.in_a_row;
  ++skipped.in_epoch;
}

bool has_diverged(const SkippedSteps& skipped, std::int64_t steps_per_epoch) {
  return skipped.in_a_row >= kMostSkippedInARow || skipped.in_epoch > std::max<std::int64_t>(2, steps_per_epoch / 10);
}

std::vector<std::string> suspects(const BatchSource& source, const MicroBatches& numbers,
                                  std::span<const TrainBatch> micro_batches) {
  std::vector<std::string> bad, all;
  for (std::size_t p = 0; p < numbers.size(); ++p) {
    for (std::size_t i = 0; i < numbers[p].size(); ++i) {
      all.push_back(source.name(numbers[p][i]));
      if (p < micro_batches.size() && !is_finite(micro_batches[p], static_cast<std::int64_t>(i)))
        bad.push_back(all.back());
    }
  }
  return bad.empty() ? all : bad;
}

std::string listed(std::span<const std::string> names) {
  const std::size_t shown = std::min(names.size(), kMostNames);
  std::string text = fmt::format("{}", fmt::join(names.first(shown), ", "));
  if (shown < names.size()) text += fmt::format(" and {} more", names.size() - shown);
  return text;
}

}  // namespace enxerto
