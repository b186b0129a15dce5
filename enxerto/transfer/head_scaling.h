#pragma once
#include <optional>
#include <span>
#include <string>

#include "enxerto/base/rows.h"
#include "enxerto/base/state_dict.h"
#include "enxerto/graph/graph.h"
#include "enxerto/heads/standardisation.h"

namespace enxerto {

/// The features of a linear head, standardised while it is trained by steps, as the exact solvers standardise theirs
/// (heads/standardisation.h). An optimizer that divides by the size of gradients (Adam) moves each weight as far as any
/// other: of features of hundreds its steps are too long to settle, of features of hundredths too short to arrive.
/// What is trained in its place, W' and b' of (x - mean) / deviation, is a layer of the plain features too: `folded`.
class HeadScaling {
 public:
  /// Of the training rows, one set a view. None where the suffix is no linear head of one row of features, or where
  /// these are of a usual size: their median deviation between 1/16 and 4, none above 50 times it, and their means
  /// mostly within 10 deviations. There training is what it was without.
  static std::optional<HeadScaling> of(const Graph& suffix, std::span<const Rows> views, int threads);

  /// The suffix with the standardisation before the head. `is_new`: the head has learned nothing, and its random
  /// weights are taken as those of standardised features; else it gives what it gave.
  Graph scaled(Graph suffix, bool is_new) const;

  /// "head.weight" and "head.bias" of the plain features, where both are there; the others as they are.
  StateDict folded(StateDict weights) const;

  /// "its features vary by 10.6 (median): ..".
  std::string words() const;

 private:
  explicit HeadScaling(Standardisation standardisation, double median)
      : standardisation_(std::move(standardisation)), median_(median) {}

  StateDict unfolded(StateDict weights) const;

  Standardisation standardisation_;
  double median_;
};

}  // namespace enxerto
