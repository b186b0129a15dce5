#include "enxerto/heads/check_problem.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "enxerto/base/error.h"
#include "enxerto/base/setting.h"

namespace enxerto {
namespace {

/// Two gigabytes of doubles: more is no head but a mistake.
constexpr std::size_t kMostWeights = std::size_t{1} << 28;

void require(bool right, ErrorKind kind, const ErrorText& text) {
  if (!right) throw Error(kind, text);
}

void check_sizes(const Rows& features, std::size_t labels, std::size_t classes) {
  require(labels == features.size(), ErrorKind::data,
          {.where = "labels",
           .found = fmt::format("{} labels", labels),
           .expected = fmt::format("one for each of {} rows", features.size())});
  require(features.width > 0, ErrorKind::data,
          {.where = "features", .found = "rows without features", .expected = "at least one feature"});
  require(classes > 0 && classes <= kMostWeights && features.width <= kMostWeights / classes, ErrorKind::data,
          {.where = "features",
           .found = fmt::format("{} classes and {} features", classes, features.width),
           .expected = fmt::format("at most {} weights", kMostWeights),
           .tip = "pool the features, or cut the backbone later"});
}

void check_labels(std::span<const std::int64_t> labels, std::size_t classes) {
  for (std::size_t r = 0; r < labels.size(); ++r) {
    if (labels[r] < 0 || static_cast<std::uint64_t>(labels[r]) >= classes)
      throw data_error(fmt::format("labels, row {}", r), fmt::format("label {}", labels[r]),
                       fmt::format("0 to {}", classes - 1));
  }
  const bool varied = std::any_of(labels.begin(), labels.end(), [&](std::int64_t label) { return label != labels[0]; });
  require(varied, ErrorKind::data,
          {.where = "labels",
           .found = labels.empty() ? "no examples" : "examples of one class only",
           .expected = "examples of at least two classes",
           .tip = "add a folder with examples of another class"});
}

bool positive(double value) { return std::isfinite(value) && value > 0; }

void check_options(const SoftmaxRegressionOptions& options, std::size_t classes) {
  check_number("l2", options.l2, kNotNegative);
  require(options.max_iterations > 0, ErrorKind::usage,
          {.where = "max_iterations",
           .found = fmt::format("{}", options.max_iterations),
           .expected = "a number of at least 1"});
  check_number("tolerance", options.tolerance, kNotNegative);
  require(positive(options.temperature), ErrorKind::usage,
          {.where = "temperature", .found = fmt::format("{}", options.temperature), .expected = "a positive number"});
  const auto& weights = options.class_weights;
  require(weights.empty() || weights.size() == classes, ErrorKind::usage,
          {.where = "class_weights",
           .found = fmt::format("{} weights", weights.size()),
           .expected = fmt::format("one for each of {} classes", classes)});
  require(std::all_of(weights.begin(), weights.end(), positive), ErrorKind::usage,
          {.where = "class_weights", .found = "a weight that is not positive", .expected = "positive numbers"});
}

}  // namespace

void check_problem(const Rows& features, std::span<const std::int64_t> labels, std::size_t classes,
                   const SoftmaxRegressionOptions& options) {
  check_sizes(features, labels.size(), classes);
  check_labels(labels, classes);
  check_options(options, classes);
}

}  // namespace enxerto
