#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "enxerto/base/tensor.h"
#include "enxerto/data/dataset.h"
#include "enxerto/graph/graph.h"

namespace enxerto {

/// Mean and deviation of each value of a regression, so that a network learns numbers around 0 of size 1 whatever the
/// unit.
struct TargetScaling {
  std::vector<double> mean, deviation;
  std::size_t size() const { return mean.size(); }
  bool operator==(const TargetScaling&) const = default;
};

/// Of the examples at `positions`, the training part. The deviation is that of the whole population; 1 where all are
/// equal. Throws Error{data} for data without values and for no positions.
TargetScaling target_scaling(const Dataset& dataset, std::span<const std::size_t> positions);

/// (n, values) of float32: (target - mean) / deviation. Throws Error{data} for another width.
Tensor standardised(const Tensor& targets, const TargetScaling& scaling);

/// `network` whose last layer ("head.weight" (values, n) and "head.bias" (values)) answers in the targets' own units
/// where it has learned standardised ones: rows times the deviation, mean added to the bias. Done once, at the end of
/// training; all other tensors are shared. Throws Error{weights} where there is no such layer.
Graph answering_in_units(Graph network, const TargetScaling& scaling);

}  // namespace enxerto
