#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

#include "enxerto/base/tensor.h"

namespace enxerto {

/// A batch of scores with its labels, checked.
struct LabelledScores {
  std::span<const float> scores;         ///< (size, classes)
  std::span<const std::int64_t> labels;  ///< each in 0 to classes - 1
  std::size_t classes = 0;

  std::size_t size() const { return labels.size(); }
  std::span<const float> row(std::size_t i) const { return scores.subspan(i * classes, classes); }
  std::size_t label(std::size_t i) const { return static_cast<std::size_t>(labels[i]); }
};

/// Looks at `scores` (N, classes) of float32 and `labels` (N) of int64; both must outlive the result. Throws
/// Error{data} where sizes or types differ, a label is out of range or a score is not a number.
LabelledScores labelled_scores(const Tensor& scores, const Tensor& labels);

/// Where the highest score is; the first of several that are equal.
std::size_t highest(std::span<const float> row);

}  // namespace enxerto
