#include "enxerto/training/best_so_far.h"

#include <cmath>

#include <fmt/format.h>

namespace enxerto {

bool Score::better_than(const Score& other, double min_delta) const {
  if (std::isnan(value)) return false;
  if (std::isnan(other.value)) return true;
  return higher_is_better ? value > other.value + min_delta : value < other.value - min_delta;
}

bool BestSoFar::offer(std::int64_t phase, std::optional<Score> score, StateDict weights) {
  const bool comparable = score && score_ && score->monitor == score_->monitor;
  if (comparable && !score->better_than(*score_)) return false;
  phase_ = phase;
  score_ = std::move(score);
  weights_ = std::move(weights);
  return true;
}

std::string BestSoFar::summary(std::string_view name, std::int64_t last_phase, const std::optional<Score>& last) const {
  if (empty()) return "no phase has ended";
  const std::string who = fmt::format("phase {} ({})", phase_ + 1, name);
  if (!score_) return fmt::format("the weights of {} are saved; no metric was measured to choose by", who);
  std::string text = fmt::format("best: {}, {} {:.4f}; its weights are saved", who, score_->monitor, score_->value);
  if (last_phase != phase_ && last) text += fmt::format("; phase {} ended at {:.4f}", last_phase + 1, last->value);
  return text;
}

}  // namespace enxerto
