#include <array>
#include <string>
#include <vector>

#include "enxerto/heads/loss_writer.h"

namespace enxerto {
namespace {

constexpr std::int64_t kCodes = 4;
constexpr double kNegatives = 3;  // a positive
constexpr double kAlpha = 0.25;   // of a positive in the focal loss
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

/// Of each example's terms, (batch, boxes, n), their sum over its positives, one at least; the mean of the batch.
std::string mean_by_positives(LossWriter& loss, const std::string& terms, const std::string& positives,
                              std::string_view name) {
  const std::string part(name);
  const std::string sum = loss.add("ReduceSum", part + "_sum", {terms, loss.integers({kBoxAxis, kValueAxis})},
                                   {{"keepdims", std::int64_t{0}}});
  return loss.mean(loss.add("Div", part + "_share", {sum, positives}), name);
}

/// torchvision's RetinaNet: focal loss of the sigmoids (Lin et al. 2017, with alpha 0.25 and gamma 2) of all anchors
/// but those that are ignored, and L1 of the positives' codes, each over the positives of its example.
std::string retina(LossWriter& loss) {
  const std::int64_t classes = loss.width() - kCodes;
  const std::string target = loss.box_matches();
  const std::string label = columns(loss, target, "label", 0, 1);
  const std::string there = loss.as_numbers(loss.add("Greater", "is_there", {label, loss.number(0)}), "there");
  const std::string counts =
      loss.as_numbers(loss.add("GreaterOrEqual", "is_learned", {label, loss.number(0)}), "learned");
  std::vector<double> numbers;
  for (std::int64_t i = 1; i <= classes; ++i) numbers.push_back(static_cast<double>(i));
  const std::string truth = loss.as_numbers(loss.add("Equal", "is_class", {label, loss.row(numbers)}), "truth");

  const std::string scores = columns(loss, loss.logits(), "scores", 0, classes);
  const std::string sign = loss.add("Sub", "sign", {loss.add("Mul", "twice", {truth, loss.number(2)}), loss.number(1)});
  const std::string towards = loss.add("Mul", "towards", {scores, sign});  // large where the answer is right
  const std::string error = loss.add("Softplus", "error", {loss.add("Neg", "away", {towards})});
  const std::string wrong = loss.add("Sigmoid", "wrong", {loss.add("Neg", "apart", {towards})});
  const std::string weight = loss.add("Mul", "weight", {wrong, wrong});
  const std::string alpha = loss.add(
      "Add", "alpha", {loss.add("Mul", "of_truth", {truth, loss.number(2 * kAlpha - 1)}), loss.number(1 - kAlpha)});
  const std::string weighted = loss.add("Mul", "weighted", {loss.add("Mul", "modulated", {error, weight}), alpha});
  const std::string focal = loss.add("Mul", "focal", {weighted, counts});

  const std::string code = columns(loss, loss.logits(), "code", classes, classes + kCodes);
  const std::string off =
      loss.add("Abs", "off", {loss.add("Sub", "difference", {code, columns(loss, target, "wanted", 1, 1 + kCodes)})});
  const std::string of_boxes = loss.add("Mul", "positive_off", {off, there});

  const std::string count =
      loss.add("ReduceSum", "count", {there, loss.integers({kBoxAxis, kValueAxis})}, {{"keepdims", std::int64_t{0}}});
  const std::string positives = loss.add("Max", "at_least_one", {count, loss.number(1)});
  return loss.add("Add", "sum",
                  {mean_by_positives(loss, focal, positives, "of_classes"),
                   mean_by_positives(loss, of_boxes, positives, "of_codes")});
}

constexpr std::array kBoxLosses{
    LossKind{"ssd", LossTarget::boxes, ssd},
    LossKind{"retina", LossTarget::boxes, retina},
};

}  // namespace

std::span<const LossKind> box_losses() { return kBoxLosses; }

}  // namespace enxerto
