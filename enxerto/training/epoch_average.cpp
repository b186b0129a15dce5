#include "enxerto/training/epoch_average.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/tensor.h"
#include "enxerto/base/to_size.h"

namespace enxerto {
namespace {

template <typename T>
Tensor mean_as(const std::vector<const Tensor*>& tensors) {
  TensorBuffer mean(tensors.front()->dtype(), tensors.front()->shape());
  std::vector<std::span<const T>> values;
  for (const Tensor* tensor : tensors) values.push_back(tensor->as<T>());
  const auto out = mean.as<T>();
  for (std::size_t i = 0; i < out.size(); ++i) {
    double sum = 0;
    for (const std::span<const T>& one : values) sum += static_cast<double>(one[i]);
    out[i] = static_cast<T>(sum / static_cast<double>(values.size()));
  }
  return std::move(mean).freeze();
}

Tensor mean_of(const std::vector<const Tensor*>& tensors) {
  if (tensors.front()->dtype() == DType::f32) return mean_as<float>(tensors);
  if (tensors.front()->dtype() == DType::f64) return mean_as<double>(tensors);
  return *tensors.back();
}

}  // namespace

std::string epochs_text(const EpochMean& mean) {
  const std::span<const std::int64_t> all(mean.epochs);
  return fmt::format("epochs {} and {}", fmt::join(all.first(all.size() - 1), ", "), all.back());
}

/// Not a number is worse than anything; of equal epochs the later one.
bool EpochAverage::better(const KeptEpoch& a, const KeptEpoch& b) const {
  if (!options_.by_value) return a.epoch > b.epoch;
  const double worst =
      options_.higher_is_better ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
  const double one = std::isnan(a.value) ? worst : a.value, other = std::isnan(b.value) ? worst : b.value;
  if (one != other) return options_.higher_is_better ? one > other : one < other;
  if (a.val_loss && b.val_loss && *a.val_loss != *b.val_loss) return *a.val_loss < *b.val_loss;
  return a.epoch > b.epoch;
}

std::vector<KeptEpoch>::const_iterator EpochAverage::least() const {
  return std::ranges::min_element(kept_, [&](const KeptEpoch& a, const KeptEpoch& b) { return better(b, a); });
}

bool EpochAverage::wants(std::int64_t epoch, double value, std::optional<double> val_loss) const {
  if (options_.chosen) return std::ranges::find(*options_.chosen, epoch) != options_.chosen->end();
  if (options_.epochs < 2) return false;
  if (kept_.size() < to_size(options_.epochs)) return true;
  return better({.epoch = epoch, .value = value, .val_loss = val_loss}, *least());
}

void EpochAverage::keep(KeptEpoch epoch) {
  if (!options_.chosen && kept_.size() >= to_size(options_.epochs)) kept_.erase(least());
  kept_.push_back(std::move(epoch));
}

std::vector<std::int64_t> EpochAverage::epochs() const {
  std::vector<std::int64_t> numbers;
  for (const KeptEpoch& one : kept_) numbers.push_back(one.epoch);
  return numbers;
}

StateDict EpochAverage::mean() const {
  StateDict mean;
  for (const auto& [name, _] : kept_.back().weights) {
    std::vector<const Tensor*> tensors;
    for (const KeptEpoch& one : kept_) tensors.push_back(&one.weights.at(name));
    mean.set(name, mean_of(tensors));
  }
  return mean;
}

}  // namespace enxerto
