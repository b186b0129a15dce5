#pragma once
#include <memory>
#include <span>
#include <string>

#include "enxerto/base/tensor.h"

namespace enxerto {

/// A quantity that is measured on validation data once an epoch beside the loss; a task brings its own.
class BatchMetric {
 public:
  virtual ~BatchMetric() = default;

  /// "accuracy": the series "val_accuracy" of the history.
  virtual std::string name() const = 0;

  /// `outputs` are those of the trained graph, the loss first; `targets` is the last input of the batch.
  virtual void update(std::span<const Tensor> outputs, const Tensor& targets) = 0;

  /// NaN before the first update.
  virtual double value() const = 0;
  virtual void reset() = 0;
};

/// Share of examples whose largest logit is at the true class, "accuracy". `logits` is the number of that output, (n,
/// classes); targets are class numbers (n) of int64 or a distribution (n, classes) whose largest entry is the class.
/// Logits of one sigmoid unit, (n, 1), say class 1 where they are above 0; targets are (n, 1) then.
std::unique_ptr<BatchMetric> class_accuracy(std::size_t logits = 1);

}  // namespace enxerto
