#include <array>

#include "enxerto/heads/loss_writer.h"

namespace enxerto {
namespace {

constexpr std::int64_t kCodes = 4;
constexpr double kNegatives = 3;  // a positive
constexpr std::int64_t kBoxAxis = 1, kValueAxis = 2, kWholeNumber = 7;

/// Columns `begin` to `end` of the last dimension.
std::string columns(LossWriter& loss, const std::string& x, std::string_view name, std::int64_t begin,
                    std::int64_t end) {
  return loss.add("Slice", name, {x, loss.integers({begin}), loss.integers({end}), loss.integers({kValueAxis})});
}

/// Sum of everything: a scalar.
std::string total(LossWriter& loss, const std::string& x, std::string_view name) {
  return loss.add("ReduceSum", name, {x}, {{"keepdims", std::int64_t{0}}});
}

/// 1 for the background boxes of largest loss, three for each positive of their example, else 0. `losses`, `positive`:
/// (batch, boxes).
std::string hard_negatives(LossWriter& loss, const std::string& losses, const std::string& positive) {
  const std::string negative = loss.add("Sub", "negative", {loss.number(1), positive});
  const std::string theirs = loss.add("Mul", "negative_losses", {losses, negative});
  const std::string ranked = loss.add("Sub", "ranked", {theirs, positive});  // no loss is below 0: positives go last
  const std::string sorted = loss.add("TopK", "sorted", {ranked, loss.integers({loss.rows()})}, {{"axis", kBoxAxis}});
  const std::string count = loss.add("ReduceSum", "positives", {positive, loss.integers({kBoxAxis})});
  const std::string wanted = loss.add("Mul", "negatives", {count, loss.number(kNegatives)});
  const std::string last =
      loss.add("Max", "last", {loss.add("Sub", "before", {wanted, loss.number(1)}), loss.number(0)});
  const std::string there = loss.add("Min", "last_there", {last, loss.number(static_cast<double>(loss.rows() - 1))});
  const std::string place = loss.add("Cast", "place", {there}, {{"to", kWholeNumber}});
  const std::string least = loss.add("GatherElements", "least", {sorted, place}, {{"axis", kBoxAxis}});
  const std::string hard = loss.as_numbers(loss.add("GreaterOrEqual", "is_hard", {ranked, least}), "hard");
  const std::string any = loss.add("Min", "any", {wanted, loss.number(1)});
  return loss.add("Mul", "hard_negatives", {loss.add("Mul", "of_some", {hard, any}), negative});
}

/// torchvision's SSD.compute_loss: cross-entropy of the positives and of the hard negatives, smooth L1 (Huber of 1) of
/// the positives' codes, both divided by the number of positives of the batch.
std::string ssd(LossWriter& loss) {
  const std::int64_t classes = loss.width() - kCodes;
  const std::string target = loss.box_matches();
  const std::string label = columns(loss, target, "label", 0, 1);
  const std::string scores = columns(loss, loss.logits(), "scores", 0, classes);
  const std::string logarithms = loss.add("LogSoftmax", "logarithms", {scores}, {{"axis", kValueAxis}});
  const std::string number = loss.add("Cast", "number", {label}, {{"to", kWholeNumber}});
  const std::string of_class = loss.add("GatherElements", "of_class", {logarithms, number}, {{"axis", kValueAxis}});
  const std::string flat = loss.add("Squeeze", "flat", {of_class, loss.integers({kValueAxis})});
  const std::string losses = loss.add("Neg", "losses", {flat});
  const std::string there = loss.as_numbers(loss.add("Greater", "is_there", {label, loss.number(0)}), "there");
  const std::string positive = loss.add("Squeeze", "positive", {there, loss.integers({kValueAxis})});
  const std::string counted = loss.add("Add", "counted", {positive, hard_negatives(loss, losses, positive)});
  const std::string of_classes = total(loss, loss.add("Mul", "counted_losses", {losses, counted}), "of_labels");

  const std::string code = columns(loss, loss.logits(), "code", classes, classes + kCodes);
  const std::string error = loss.add("Sub", "error", {code, columns(loss, target, "wanted", 1, 1 + kCodes)});
  const std::string size = loss.add("Abs", "size", {error});
  const std::string bounded = loss.add("Min", "bounded", {size, loss.number(1)});
  const std::string half = loss.add("Mul", "half", {bounded, loss.number(0.5)});
  const std::string terms = loss.add("Mul", "terms", {bounded, loss.add("Sub", "rest", {size, half})});
  const std::string of_boxes = total(loss, loss.add("Mul", "positive_terms", {terms, there}), "of_codes");

  const std::string positives =
      loss.add("Max", "at_least_one", {total(loss, positive, "all_positives"), loss.number(1)});
  return loss.add("Div", "mean", {loss.add("Add", "sum", {of_classes, of_boxes}), positives});
}

constexpr std::array kBoxLosses{
    LossKind{"ssd", LossTarget::boxes, ssd},
};

}  // namespace

std::span<const LossKind> box_losses() { return kBoxLosses; }

}  // namespace enxerto
