#include "enxerto/metrics/accuracy.h"

#include <algorithm>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/metrics/class_numbers.h"
#include "enxerto/metrics/interval.h"
#include "enxerto/metrics/labelled_scores.h"

namespace enxerto {
namespace {

void require_rows(const Tensor& logits, const Tensor& labels) {
  const Shape& shape = logits.shape();
  if (shape.size() == 2 && shape[0] > 0 && shape[1] > 0 && labels.shape() == Shape{shape[0]}) return;
  throw data_error("accuracy", fmt::format("logits {} for targets of {}", to_string(shape), to_string(labels.shape())),
                   "logits (N, classes) and N targets");
}

}  // namespace

void Accuracy::update(const TensorMap& outputs, const TensorMap& targets) {
  const Tensor* logits = outputs.find(kLogits);
  const Tensor classes = class_numbers(targets.at(kTarget));
  const Tensor scores = logits != nullptr ? logits->to_float32() : outputs.at(kProbabilities);
  // Logits that are no numbers are no error: the loss of a step tells of a network that diverges.
  if (logits != nullptr)
    require_rows(scores, classes);
  else
    (void)labelled_scores(scores, classes);
  const auto values = scores.as<float>();
  const auto labels = classes.as<std::int64_t>();
  const std::size_t width = values.size() / labels.size();
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto row = values.subspan(i * width, width);
    const std::size_t said = width > 1 ? highest(row) : row[0] > 0 ? 1 : 0;
    right_ += static_cast<std::int64_t>(said) == labels[i] ? 1 : 0;
    const auto label = static_cast<std::size_t>(labels[i]);
    if (label >= there_.size()) there_.resize(label + 1);
    ++there_[label];
  }
  seen_ += labels.size();
}

std::optional<Baseline> Accuracy::most_frequent() const {
  const auto most = std::ranges::max_element(there_);
  if (most == there_.end()) return std::nullopt;
  const auto label = static_cast<std::size_t>(most - there_.begin());
  return Baseline{
      .value = static_cast<double>(*most) / static_cast<double>(seen_),
      .name = fmt::format("always predicting {}", label < names_.size() ? names_[label] : "the most frequent class")};
}

void Accuracy::report(MetricsReport& report) const {
  report.values.push_back({.name = "accuracy",
                           .value = static_cast<double>(right_) / static_cast<double>(seen_),
                           .interval = wilson_interval(right_, seen_),
                           .baseline = most_frequent()});
}

}  // namespace enxerto
