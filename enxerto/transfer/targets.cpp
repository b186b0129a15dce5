#include "enxerto/transfer/targets.h"

#include <algorithm>

#include <fmt/format.h>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

void check_labels(const std::vector<std::int64_t>& labels, std::int64_t classes) {
  const auto wrong = std::ranges::find_if(labels, [&](std::int64_t label) { return label < 0 || label >= classes; });
  if (wrong == labels.end()) return;
  throw Error(ErrorKind::data, {.where = fmt::format("example {}", wrong - labels.begin()),
                                .found = fmt::format("class {}", *wrong),
                                .expected = fmt::format("0 to {}", classes - 1),
                                .tip = ""});
}

}  // namespace

Targets Targets::class_numbers(std::vector<std::int64_t> labels, std::int64_t classes) {
  check_labels(labels, classes);
  Targets targets;
  targets.kind_ = Kind::class_numbers;
  targets.labels_ = std::move(labels);
  return targets;
}

Targets Targets::one_hot(std::vector<std::int64_t> labels, std::int64_t classes) {
  Targets targets = class_numbers(std::move(labels), classes);
  targets.kind_ = Kind::one_hot;
  targets.width_ = static_cast<std::size_t>(std::max<std::int64_t>(classes, 0));
  return targets;
}

Targets Targets::values(Tensor values) {
  if (values.shape().size() != 2 || values.dtype() != DType::f32) {
    throw Error(ErrorKind::data, {.where = "targets",
                                  .found = fmt::format("{} {}", name_of(values.dtype()), to_string(values.shape())),
                                  .expected = "float32 (examples, width)",
                                  .tip = ""});
  }
  Targets targets;
  targets.width_ = static_cast<std::size_t>(values.shape()[1]);
  targets.values_ = std::move(values);
  return targets;
}

std::size_t Targets::size() const {
  if (kind_ != Kind::values) return labels_.size();
  return values_.shape().size() == 2 ? static_cast<std::size_t>(values_.shape()[0]) : 0;
}

void Targets::add(std::size_t example, float share, std::span<float> row) const {
  if (kind_ == Kind::one_hot) {
    row[static_cast<std::size_t>(labels_[example])] += share;
    return;
  }
  const auto values = values_.as<float>().subspan(example * width_, width_);
  for (std::size_t i = 0; i < width_; ++i) row[i] += share * values[i];
}

Tensor Targets::get(std::span<const std::size_t> examples) const {
  const auto count = static_cast<std::int64_t>(examples.size());
  if (kind_ == Kind::class_numbers) {
    TensorBuffer numbers(DType::i64, {count});
    std::ranges::transform(examples, numbers.as<std::int64_t>().begin(),
                           [&](std::size_t example) { return labels_[example]; });
    return std::move(numbers).freeze();
  }
  TensorBuffer rows(DType::f32, {count, static_cast<std::int64_t>(width_)});
  const auto out = rows.as<float>();
  std::ranges::fill(out, 0.0F);
  for (std::size_t i = 0; i < examples.size(); ++i) add(examples[i], 1, out.subspan(i * width_, width_));
  return std::move(rows).freeze();
}

Tensor Targets::mixed(std::span<const std::size_t> examples, std::span<const std::size_t> partners,
                      std::span<const double> shares) const {
  TensorBuffer rows(DType::f32, {static_cast<std::int64_t>(examples.size()), static_cast<std::int64_t>(width_)});
  const auto out = rows.as<float>();
  std::ranges::fill(out, 0.0F);
  for (std::size_t i = 0; i < examples.size(); ++i) {
    const auto row = out.subspan(i * width_, width_);
    add(examples[i], static_cast<float>(shares[i]), row);
    add(partners[i], static_cast<float>(1 - shares[i]), row);
  }
  return std::move(rows).freeze();
}

}  // namespace enxerto
