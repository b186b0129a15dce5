#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "enxerto/base/state_dict.h"

namespace enxerto {

/// How good weights are on what is monitored.
struct Score {
  std::string monitor = "val_loss";  ///< "loss", "val_loss", or "val_" and a figure of the task
  double value = 0;
  bool higher_is_better = false;
  std::optional<double> val_loss = {};  ///< of the same weights, for a comparison with another monitor

  /// True where this is better by more than `min_delta`; NaN is better than nothing, anything is better than NaN.
  bool better_than(const Score& other, double min_delta = 0) const;
};

/// The two scores on one figure: what both monitor, or else the validation loss; none where there is no such figure.
std::optional<std::pair<Score, Score>> on_one_figure(const std::optional<Score>& a, const std::optional<Score>& b);

/// The best state over the phases of a run, so that its finish is never worse on validation than its best phase.
class BestSoFar {
 public:
  /// The weights of a phase that has ended. Takes them where they are better than all before: on what both monitor, or
  /// else on the validation loss, which also decides between equals; and where no comparison is possible. True where
  /// taken.
  bool offer(std::int64_t phase, std::optional<Score> score, StateDict weights);

  bool empty() const { return phase_ < 0; }
  std::int64_t phase() const { return phase_; }  ///< number of the phase that won, from 0; -1: none was offered
  const std::optional<Score>& score() const { return score_; }
  const StateDict& weights() const { return weights_; }

 private:
  std::int64_t phase_ = -1;
  std::optional<Score> score_;
  StateDict weights_;
};

}  // namespace enxerto
