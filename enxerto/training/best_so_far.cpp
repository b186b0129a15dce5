#include "enxerto/training/best_so_far.h"

#include <cmath>
#include <utility>

namespace enxerto {

bool Score::better_than(const Score& other, double min_delta) const {
  if (std::isnan(value)) return false;
  if (std::isnan(other.value)) return true;
  return higher_is_better ? value > other.value + min_delta : value < other.value - min_delta;
}

std::optional<std::pair<Score, Score>> on_one_figure(const std::optional<Score>& a, const std::optional<Score>& b) {
  if (!a || !b) return std::nullopt;
  if (a->monitor == b->monitor) return std::pair(*a, *b);
  if (!a->val_loss || !b->val_loss) return std::nullopt;
  return std::pair(Score{.value = *a->val_loss}, Score{.value = *b->val_loss});
}

namespace {

/// Equal on what both monitor (accuracy on few examples often is), and of the lower validation loss.
bool wins_a_tie(const Score& later, const Score& earlier) {
  return later.monitor == earlier.monitor && later.value == earlier.value && later.val_loss && earlier.val_loss &&
         *later.val_loss < *earlier.val_loss;
}

}  // namespace

bool BestSoFar::offer(std::int64_t phase, std::optional<Score> score, StateDict weights) {
  const auto both = on_one_figure(score, score_);
  if (both && !both->first.better_than(both->second) && !wins_a_tie(*score, *score_)) return false;
  phase_ = phase;
  score_ = std::move(score);
  weights_ = std::move(weights);
  return true;
}

}  // namespace enxerto
