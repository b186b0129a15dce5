#include <array>

#include "enxerto/heads/loss_writer.h"

namespace enxerto {
namespace {

std::string error(LossWriter& loss) { return loss.add("Sub", "error", {loss.logits(), loss.target()}); }

std::string mean_squared_error(LossWriter& loss) {
  const std::string difference = error(loss);
  return loss.mean(loss.add("Mul", "squares", {difference, difference}), "mean");
}

/// Huber 1964. With q = min(|e|, delta) both branches are q (|e| - q / 2).
std::string huber(LossWriter& loss) {
  const std::string size = loss.add("Abs", "size", {error(loss)});
  const std::string bounded = loss.add("Min", "bounded", {size, loss.number(loss.spec().huber_delta)});
  const std::string half = loss.add("Mul", "half", {bounded, loss.number(0.5)});
  return loss.mean(loss.add("Mul", "terms", {bounded, loss.add("Sub", "rest", {size, half})}), "mean");
}

constexpr std::array kErrorLosses{
    LossKind{"mean_squared_error", LossTarget::values, mean_squared_error},
    LossKind{"huber", LossTarget::values, huber},
};

}  // namespace

std::span<const LossKind> regression_losses() { return kErrorLosses; }

}  // namespace enxerto
