#pragma once
#include <cstddef>
#include <span>

#include "enxerto/base/tensor.h"

namespace enxerto {

/// A batch of answers with as many targets, checked.
struct LabelledTargets {
  std::span<const float> answers, targets;  ///< (rows, width)
  std::size_t rows = 0, width = 0;
};

/// Looks at `answers` and `targets`, both (N, width) of float32, which must outlive the result. Throws Error{data}
/// where shapes or types differ, the width is not `width`, or a number is not finite.
LabelledTargets labelled_targets(const Tensor& answers, const Tensor& targets, std::size_t width);

}  // namespace enxerto
