#include <array>

#include "enxerto/heads/loss_writer.h"

namespace enxerto {
namespace {

/// The target and what is left to 1.
struct Truths {
  std::string positive, negative;
};

/// Smoothed towards one half, as Keras does it.
Truths truths(LossWriter& loss) {
  std::string positive = loss.target();
  const double share = loss.spec().label_smoothing;
  if (share > 0) {
    positive = loss.add("Mul", "kept", {positive, loss.number(1 - share)});
    positive = loss.add("Add", "smoothed", {positive, loss.number(share / 2)});
  }
  return {.positive = positive, .negative = loss.add("Sub", "negative", {loss.number(1), positive})};
}

/// a where the target is 1, b where it is 0. `name` is that of the sum.
std::string either(LossWriter& loss, const Truths& target, const std::string& a, const std::string& b,
                   const std::string& name) {
  const std::string first = loss.add("Mul", name + ".positive", {target.positive, a});
  const std::string second = loss.add("Mul", name + ".negative", {target.negative, b});
  return loss.add("Add", name, {first, second});
}

/// A term for each unit, times the weight of its class: two classes of one unit, or one class a unit. As the logarithm
/// of the sigmoid both ways round, so that small losses keep their digits and the gradient is right at 0.
std::string cross_entropies(LossWriter& loss, const Truths& target) {
  const std::vector<double>& weights = loss.spec().class_weights;
  const std::string opposite = loss.add("Neg", "opposite", {loss.logits()});
  std::string positive = loss.add("Softplus", "of_positive", {opposite});
  std::string negative = loss.add("Softplus", "of_negative", {loss.logits()});
  const bool two_classes = loss.width() == 1 && !weights.empty();
  if (two_classes) {
    negative = loss.add("Mul", "weighted_negative", {negative, loss.number(weights[0])});
    positive = loss.add("Mul", "weighted_positive", {positive, loss.number(weights[1])});
  }
  const std::string terms = either(loss, target, positive, negative, "terms");
  return weights.empty() || two_classes ? terms : loss.add("Mul", "weighted", {terms, loss.row(weights)});
}

std::string binary_cross_entropy(LossWriter& loss) { return loss.mean(cross_entropies(loss, truths(loss)), "mean"); }

/// Lin et al. 2017, arXiv:1708.02002, as torchvision's sigmoid_focal_loss.
std::string binary_focal(LossWriter& loss) {
  const Truths target = truths(loss);
  std::string terms = cross_entropies(loss, target);
  const std::string low = loss.add("Sigmoid", "low", {loss.add("Neg", "reversed", {loss.logits()})});
  const std::string high = loss.add("Sigmoid", "high", {loss.logits()});
  const std::string doubt = either(loss, target, low, high, "doubt");
  const std::string bounded = loss.add("Clip", "bounded", {doubt, loss.number(kLeastModulation)});
  const std::string modulation = loss.add("Pow", "modulation", {bounded, loss.number(loss.spec().focal_gamma)});
  terms = loss.add("Mul", "modulated", {terms, modulation});
  if (const double alpha = loss.spec().focal_alpha; alpha >= 0) {
    const std::string share = either(loss, target, loss.number(alpha), loss.number(1 - alpha), "share");
    terms = loss.add("Mul", "shared", {terms, share});
  }
  return loss.mean(terms, "mean");
}

constexpr std::array kBinaryLosses{
    LossKind{"binary_cross_entropy", LossTarget::truths, binary_cross_entropy},
    LossKind{"binary_focal", LossTarget::truths, binary_focal},
};

}  // namespace

std::span<const LossKind> binary_losses() { return kBinaryLosses; }

}  // namespace enxerto
