#include <array>
#include <numeric>

#include "enxerto/base/to_size.h"
#include "enxerto/heads/loss_writer.h"

namespace enxerto {
namespace {

/// Smoothed (Szegedy et al. 2016), and each class times its weight.
std::string prepared(LossWriter& loss, std::string target) {
  const double share = loss.spec().label_smoothing;
  if (share > 0) {
    target = loss.add("Mul", "kept", {target, loss.number(1 - share)});
    target = loss.add("Add", "smoothed", {target, loss.number(share / static_cast<double>(loss.width()))});
  }
  if (loss.spec().class_weights.empty()) return target;
  return loss.add("Mul", "weighted", {target, loss.row(loss.spec().class_weights)});
}

/// Class numbers as rows with a single 1; a number that is no class is a row of zeros.
std::string one_hot(LossWriter& loss, const std::string& numbers) {
  std::vector<std::int64_t> classes(to_size(loss.width()));
  std::iota(classes.begin(), classes.end(), 0);
  const std::string column = loss.add("Unsqueeze", "column", {numbers, loss.integers({1})});
  return loss.as_numbers(loss.add("Equal", "is_class", {column, loss.integers(classes)}), "one_hot");
}

std::string log_probabilities(LossWriter& loss) {
  return loss.add("LogSoftmax", "log_probabilities", {loss.logits()}, {{"axis", std::int64_t{1}}});
}

/// Minus the mean over the examples of what each term times the target's share adds up to.
std::string expectation(LossWriter& loss, const std::string& terms, const std::string& target) {
  const std::string products = loss.add("Mul", "products", {terms, target});
  return loss.add("Neg", "negative", {loss.mean(loss.sum_of_rows(products, "examples"), "mean")});
}

std::string cross_entropy(LossWriter& loss) {
  return expectation(loss, log_probabilities(loss), prepared(loss, loss.target()));
}

std::string sparse_cross_entropy(LossWriter& loss) {
  const std::string target = one_hot(loss, loss.class_numbers());
  return expectation(loss, log_probabilities(loss), prepared(loss, target));
}

/// Lin et al. 2017, arXiv:1708.02002, on a softmax: a term counts the less the surer its class is.
std::string focal(LossWriter& loss) {
  const std::string target = prepared(loss, loss.target());
  const std::string logarithms = log_probabilities(loss);
  const std::string probabilities = loss.add("Exp", "probabilities", {logarithms});
  const std::string doubt = loss.add("Sub", "doubt", {loss.number(1), probabilities});
  const std::string bounded = loss.add("Clip", "bounded", {doubt, loss.number(kLeastModulation)});
  const std::string modulation = loss.add("Pow", "modulation", {bounded, loss.number(loss.spec().focal_gamma)});
  return expectation(loss, loss.add("Mul", "modulated", {modulation, logarithms}), target);
}

constexpr std::array kCategoricalLosses{
    LossKind{"categorical_cross_entropy", LossTarget::distribution, cross_entropy},
    LossKind{"sparse_categorical_cross_entropy", LossTarget::class_number, sparse_cross_entropy},
    LossKind{"focal", LossTarget::distribution, focal},
};

}  // namespace

std::span<const LossKind> categorical_losses() { return kCategoricalLosses; }

}  // namespace enxerto
