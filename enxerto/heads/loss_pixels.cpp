#include <array>
#include <numeric>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/base/to_size.h"
#include "enxerto/graph/bilinear_resize.h"
#include "enxerto/heads/loss_writer.h"

namespace enxerto {
namespace {

constexpr double kFewestPixels = 1e-12;  // no pixel counts: no loss

/// Scores at the size of their targets: bilinear, corners not aligned.
std::string at_target_size(LossWriter& loss) {
  const auto& [height, width] = loss.spec().pixels;
  return loss.add("Resize", "resized", {loss.logits(), "", "", loss.integers({height, width})}, bilinear_resize());
}

/// A sum over everything: a scalar.
std::string sum_of_pixels(LossWriter& loss, const std::string& x, std::string_view name) {
  return loss.add("ReduceSum", name, {x}, {{"keepdims", std::int64_t{0}}});
}

/// What the targets say of each pixel.
struct PixelTargets {
  std::string column;      ///< (batch, 1, height, width) int64: the number of a class, below 0: none
  std::string there = {};  ///< of the logits' type: 1 where there is a class, else 0
};

PixelTargets pixel_targets(LossWriter& loss) {
  PixelTargets targets{.column = loss.add("Unsqueeze", "column", {loss.pixel_numbers(), loss.integers({1})})};
  targets.there = loss.as_numbers(loss.add("GreaterOrEqual", "has_class", {targets.column, loss.integer(0)}), "there");
  return targets;
}

/// The sum of what each pixel that has a class adds, over their number.
std::string mean_of_pixels(LossWriter& loss, const std::string& terms, const std::string& there) {
  const std::string sum = sum_of_pixels(loss, loss.add("Mul", "counted", {terms, there}), "sum");
  const std::string count = loss.add("Max", "pixels", {sum_of_pixels(loss, there, "all"), loss.number(kFewestPixels)});
  return loss.add("Div", "mean", {sum, count});
}

/// Minus the mean of the logarithm of the probability of each pixel's class, times its class's weight; `focal`: times
/// the power `focal_gamma` of what it lacks to 1 (Lin et al. 2017, arXiv:1708.02002).
std::string mean_of_logarithms(LossWriter& loss, const std::string& scores, const PixelTargets& targets, bool focal) {
  const std::string logarithms = loss.add("LogSoftmax", "log_probabilities", {scores}, {{"axis", std::int64_t{1}}});
  const std::string number = loss.add("Max", "number", {targets.column, loss.integer(0)});
  std::string terms = loss.add("GatherElements", "of_class", {logarithms, number}, {{"axis", std::int64_t{1}}});
  if (focal) {
    const std::string doubt = loss.add("Sub", "doubt", {loss.number(1), loss.add("Exp", "probability", {terms})});
    const std::string bounded = loss.add("Clip", "bounded", {doubt, loss.number(kLeastModulation)});
    const std::string modulation = loss.add("Pow", "modulation", {bounded, loss.number(loss.spec().focal_gamma)});
    terms = loss.add("Mul", "modulated", {modulation, terms});
  }
  if (!loss.spec().class_weights.empty()) {
    const std::string weight = loss.add("Gather", "weight", {loss.row(loss.spec().class_weights), number});
    terms = loss.add("Mul", "weighted", {terms, weight});
  }
  return loss.add("Neg", "negative", {mean_of_pixels(loss, terms, targets.there)});
}

/// (classes): over all pixels of the batch.
std::string sum_by_class(LossWriter& loss, const std::string& x, std::string_view name) {
  return loss.add("ReduceSum", name, {x, loss.integers({0, 2, 3})}, {{"keepdims", std::int64_t{0}}});
}

/// One less the mean, over the classes that the batch has, of the Dice coefficient of probabilities and truth, twice
/// what both have over what they have together, of all pixels of the batch that have a class (Milletari et al. 2016,
/// arXiv:1606.04797, with plain sums below the line); each class times its weight.
std::string dice_of_classes(LossWriter& loss, const std::string& scores, const PixelTargets& targets) {
  std::vector<std::int64_t> numbers(to_size(loss.width()));
  std::iota(numbers.begin(), numbers.end(), 0);
  const std::string classes = loss.add("Reshape", "classes", {loss.integers(numbers), loss.integers({1, -1, 1, 1})});
  const std::string truth = loss.as_numbers(loss.add("Equal", "is_class", {targets.column, classes}), "truth");
  const std::string all = loss.add("Softmax", "probabilities", {scores}, {{"axis", std::int64_t{1}}});
  const std::string found = loss.add("Mul", "found", {all, targets.there});
  const std::string both = sum_by_class(loss, loss.add("Mul", "agreeing", {found, truth}), "both");
  const std::string is = sum_by_class(loss, truth, "truths");
  const std::string together = loss.add("Add", "together", {sum_by_class(loss, found, "predicted"), is});
  const std::string least = loss.add("Max", "divisor", {together, loss.number(kFewestPixels)});
  const std::string twice = loss.add("Mul", "twice", {both, loss.number(2)});
  const std::string lack = loss.add("Sub", "lack", {loss.number(1), loss.add("Div", "dice", {twice, least})});
  std::string counts = loss.add("Min", "present", {is, loss.number(1)});
  if (!loss.spec().class_weights.empty())
    counts = loss.add("Mul", "weights", {counts, loss.row(loss.spec().class_weights)});
  const std::string sum = sum_of_pixels(loss, loss.add("Mul", "lacking", {lack, counts}), "lack_of_all");
  const std::string count =
      loss.add("Max", "classes_there", {sum_of_pixels(loss, counts, "count"), loss.number(kFewestPixels)});
  return loss.add("Div", "dice_loss", {sum, count});
}

std::string pixel_cross_entropy(LossWriter& loss) {
  return mean_of_logarithms(loss, at_target_size(loss), pixel_targets(loss), false);
}

std::string pixel_focal(LossWriter& loss) {
  return mean_of_logarithms(loss, at_target_size(loss), pixel_targets(loss), true);
}

std::string pixel_dice(LossWriter& loss) { return dice_of_classes(loss, at_target_size(loss), pixel_targets(loss)); }

std::string pixel_cross_entropy_and_dice(LossWriter& loss) {
  const std::string scores = at_target_size(loss);
  const PixelTargets targets = pixel_targets(loss);
  return loss.add("Add", "both_losses",
                  {mean_of_logarithms(loss, scores, targets, false), dice_of_classes(loss, scores, targets)});
}

constexpr std::array kPixelLosses{
    LossKind{"pixel_cross_entropy", LossTarget::pixels, pixel_cross_entropy},
    LossKind{"pixel_focal", LossTarget::pixels, pixel_focal}, LossKind{"pixel_dice", LossTarget::pixels, pixel_dice},
    LossKind{"pixel_cross_entropy_and_dice", LossTarget::pixels, pixel_cross_entropy_and_dice}};

}  // namespace

std::span<const LossKind> pixel_losses() { return kPixelLosses; }

}  // namespace enxerto
