#include <array>

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

/// The mean over the pixels that have a class of minus the logarithm of its probability, each times its class's weight.
std::string pixel_cross_entropy(LossWriter& loss) {
  const std::string logarithms =
      loss.add("LogSoftmax", "log_probabilities", {at_target_size(loss)}, {{"axis", std::int64_t{1}}});
  const std::string column = loss.add("Unsqueeze", "column", {loss.pixel_numbers(), loss.integers({1})});
  const std::string there =
      loss.as_numbers(loss.add("GreaterOrEqual", "has_class", {column, loss.integer(0)}), "there");
  const std::string number = loss.add("Max", "number", {column, loss.integer(0)});
  std::string terms = loss.add("GatherElements", "of_class", {logarithms, number}, {{"axis", std::int64_t{1}}});
  if (!loss.spec().class_weights.empty()) {
    const std::string weight = loss.add("Gather", "weight", {loss.row(loss.spec().class_weights), number});
    terms = loss.add("Mul", "weighted", {terms, weight});
  }
  const std::string sum = sum_of_pixels(loss, loss.add("Mul", "counted", {terms, there}), "sum");
  const std::string count = loss.add("Max", "pixels", {sum_of_pixels(loss, there, "all"), loss.number(kFewestPixels)});
  return loss.add("Neg", "negative", {loss.add("Div", "mean", {sum, count})});
}

constexpr std::array kPixelLosses{LossKind{"pixel_cross_entropy", LossTarget::pixels, pixel_cross_entropy}};

}  // namespace

std::span<const LossKind> pixel_losses() { return kPixelLosses; }

}  // namespace enxerto
