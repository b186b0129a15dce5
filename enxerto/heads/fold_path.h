#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "enxerto/base/progress.h"
#include "enxerto/base/rows.h"
#include "enxerto/heads/softmax_regression.h"
#include "enxerto/heads/stratified_folds.h"

namespace enxerto {

/// Rows, and the class of each.
struct LabelledRows {
  Rows features;
  std::vector<std::int64_t> labels;
};

/// Cross-validation along a path of l2: each fold starts from where it came to at the l2 before. Folds do not wait for
/// each other: on two cores one may be an l2 ahead while another's last digits are found. Every fold is fitted on
/// `threads / folds` threads, at least one, so that up to that many threads the figures do not depend on them.
class FoldPath {
 public:
  /// `rows` must outlive the path.
  FoldPath(const LabelledRows& rows, const Folds& folds, std::size_t classes, const SoftmaxRegressionOptions& fit);
  ~FoldPath();
  FoldPath(const FoldPath&) = delete;
  FoldPath& operator=(const FoldPath&) = delete;

  /// Calls `go_on` with the trial of each l2, in their order and never twice at once, until it returns false; what was
  /// begun of later ones is given up. May be called once.
  void follow(std::span<const double> path, const std::function<bool(const L2Trial&)>& go_on, const Progress& progress);

 private:
  struct Fold;
  class Turns;
  std::size_t classes_;
  int threads_;
  SoftmaxRegressionOptions fit_;  // of one fold
  std::vector<std::unique_ptr<Fold>> folds_;
};

}  // namespace enxerto
