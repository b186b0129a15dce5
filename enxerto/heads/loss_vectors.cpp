#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <numeric>
#include <string>
#include <vector>

#include "enxerto/base/to_size.h"
#include "enxerto/heads/loss_writer.h"

namespace enxerto {
namespace {

/// More than any squared distance of two vectors of length 1.
constexpr double kFar = 8;

constexpr double kTripletMargin = 0.2, kArcFaceMargin = 0.5, kCosFaceMargin = 0.35;
constexpr double kNearestCosine = 1e-7;  // to 1 and -1, where the angle has no gradient

double margin_of(const LossWriter& loss, double usual) { return loss.spec().margin > 0 ? loss.spec().margin : usual; }

/// (batch, batch): squared distances of the rows, scaled to length 1, one from another.
std::string squared_distances(LossWriter& loss) {
  const std::string rows =
      loss.add("LpNormalization", "rows", {loss.logits()}, {{"axis", std::int64_t{1}}, {"p", std::int64_t{2}}});
  const std::string turned = loss.add("Transpose", "turned", {rows}, {{"perm", std::vector<std::int64_t>{1, 0}}});
  const std::string cosines = loss.add("MatMul", "cosines", {rows, turned});
  const std::string twice = loss.add("Mul", "twice", {cosines, loss.number(-2)});
  return loss.add("Max", "distances", {loss.add("Add", "squares", {twice, loss.number(2)}), loss.number(0)});
}

/// FaceNet's (Schroff, Kalenichenko, Philbin 2015) with semi-hard negatives, as TensorFlow Addons'
/// `triplet_semihard_loss` on rows of length 1: of each pair of one identity, (anchor, positive), the negative is the
/// nearest of those that are farther from the anchor than the positive, or, where there is none, the farthest of all.
std::string triplet(LossWriter& loss) {
  const std::string numbers = loss.class_numbers();
  const std::string same = loss.add("Equal", "same",
                                    {loss.add("Unsqueeze", "column", {numbers, loss.integers({1})}),
                                     loss.add("Unsqueeze", "row", {numbers, loss.integers({0})})});
  const std::string distances = squared_distances(loss);
  const std::string to_positive = loss.add("Unsqueeze", "to_positive", {distances, loss.integers({2})});
  const std::string to_negative = loss.add("Unsqueeze", "to_negative", {distances, loss.integers({1})});
  const std::string other =
      loss.add("Not", "other", {loss.add("Unsqueeze", "same_as_anchor", {same, loss.integers({1})})});
  const std::string farther =
      loss.add("And", "farther", {loss.add("Greater", "is_farther", {to_negative, to_positive}), other});
  const std::string semi_hard = loss.add("Where", "semi_hard", {farther, to_negative, loss.number(kFar)});
  const std::string nearest =
      loss.add("ReduceMin", "nearest", {semi_hard, loss.integers({2})}, {{"keepdims", std::int64_t{0}}});
  const std::string others = loss.add("Where", "others", {same, loss.number(0), distances});
  const std::string farthest =
      loss.add("ReduceMax", "farthest", {others, loss.integers({1})}, {{"keepdims", std::int64_t{1}}});
  const std::string has_one = loss.add("Less", "has_semi_hard", {nearest, loss.number(kFar)});
  const std::string negative = loss.add("Where", "negative", {has_one, nearest, farthest});
  const std::string gap = loss.add("Sub", "gap", {distances, negative});
  const std::string terms =
      loss.add("Relu", "terms", {loss.add("Add", "margin", {gap, loss.number(margin_of(loss, kTripletMargin))})});
  // Without the diagonal: nobody is his own positive.
  const std::string pairs = loss.as_numbers(same, "pairs");
  const std::string above = loss.add("Trilu", "above", {pairs, loss.integer(1)}, {{"upper", std::int64_t{1}}});
  const std::string below = loss.add("Trilu", "below", {pairs, loss.integer(-1)}, {{"upper", std::int64_t{0}}});
  const std::string positives = loss.add("Add", "positives", {above, below});
  const std::string weighed = loss.add("Mul", "weighed", {terms, positives});
  const std::string sum = loss.add("ReduceSum", "sum", {weighed}, {{"keepdims", std::int64_t{0}}});
  const std::string count = loss.add("ReduceSum", "count", {positives}, {{"keepdims", std::int64_t{0}}});
  return loss.add("Div", "mean", {sum, loss.add("Max", "at_least_one", {count, loss.number(1)})});
}

/// Cross-entropy of the cosines, scaled, after that of an example's own centre has become another. Of an example
/// without a centre nothing counts.
std::string with_margin(LossWriter& loss, const std::string& cosines, const std::string& own) {
  std::vector<std::int64_t> numbers(to_size(loss.width()));
  std::iota(numbers.begin(), numbers.end(), 0);
  const std::string column = loss.add("Unsqueeze", "column", {loss.class_numbers(), loss.integers({1})});
  const std::string is_own = loss.add("Equal", "is_own", {column, loss.integers(numbers)});
  const std::string changed = loss.add("Where", "changed", {is_own, own, cosines});
  const std::string scaled = loss.add("Mul", "scaled", {changed, loss.number(loss.spec().scale)});
  const std::string logarithms = loss.add("LogSoftmax", "log_probabilities", {scaled}, {{"axis", std::int64_t{1}}});
  const std::string kept = loss.add("Where", "kept", {is_own, logarithms, loss.number(0)});
  return loss.add("Neg", "negative", {loss.mean(loss.sum_of_rows(kept, "examples"), "mean")});
}

/// ArcFace (Deng et al. 2019, arXiv:1801.07698): cos(angle + margin), and, where that would turn back, cos - margin sin
/// margin (`easy_margin` off).
std::string arcface(LossWriter& loss) {
  const double margin = margin_of(loss, kArcFaceMargin);
  const std::string cosines =
      loss.add("Clip", "bounded", {loss.logits(), loss.number(kNearestCosine - 1), loss.number(1 - kNearestCosine)});
  const std::string angle = loss.add("Acos", "angle", {cosines});
  const std::string wider = loss.add("Cos", "wider", {loss.add("Add", "wider_angle", {angle, loss.number(margin)})});
  const std::string less =
      loss.add("Sub", "less", {cosines, loss.number(std::sin(std::numbers::pi - margin) * margin)});
  const std::string is_small =
      loss.add("Greater", "is_small", {cosines, loss.number(std::cos(std::numbers::pi - margin))});
  return with_margin(loss, cosines, loss.add("Where", "own", {is_small, wider, less}));
}

/// CosFace (Wang et al. 2018, arXiv:1801.09414): cos - margin.
std::string cosface(LossWriter& loss) {
  const std::string own = loss.add("Sub", "own", {loss.logits(), loss.number(margin_of(loss, kCosFaceMargin))});
  return with_margin(loss, loss.logits(), own);
}

constexpr std::array kVectorLosses{
    LossKind{.name = "triplet", .target = LossTarget::identity, .write = triplet, .compares_examples = true},
    LossKind{"arcface", LossTarget::centre, arcface},
    LossKind{"cosface", LossTarget::centre, cosface},
};

}  // namespace

std::span<const LossKind> vector_losses() { return kVectorLosses; }

}  // namespace enxerto
