#include "enxerto/training/best_so_far.h"

#include <cmath>
#include <utility>

#include <fmt/format.h>

namespace enxerto {

bool Score::better_than(const Score& other, double min_delta) const {
  if (std::isnan(value)) return false;
  if (std::isnan(other.value)) return true;
  return higher_is_better ? value > other.value + min_delta : value < other.value - min_delta;
}

namespace {

/// The two scores on one figure: what both monitor, or else the validation loss; none where there is no such figure.
std::optional<std::pair<Score, Score>> on_one_figure(const std::optional<Score>& a, const std::optional<Score>& b) {
  if (!a || !b) return std::nullopt;
  if (a->monitor == b->monitor) return std::pair(*a, *b);
  if (!a->val_loss || !b->val_loss) return std::nullopt;
  return std::pair(Score{.value = *a->val_loss}, Score{.value = *b->val_loss});
}

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

std::string BestSoFar::summary(std::string_view name, std::int64_t last_phase, const std::optional<Score>& last) const {
  if (empty()) return "no phase has ended";
  const std::string who = fmt::format("phase {} ({})", phase_ + 1, name);
  if (!score_) return fmt::format("the weights of {} are saved; no metric was measured to choose by", who);
  const auto both = on_one_figure(score_, last);
  const Score& own = both ? both->first : *score_;
  std::string text = fmt::format("best: {}, {} {:.4f}; its weights are saved", who, own.monitor, own.value);
  if (last_phase != phase_ && both)
    text += fmt::format("; phase {} ended at {:.4f}", last_phase + 1, both->second.value);
  return text;
}

}  // namespace enxerto
