#include <array>

#include "enxerto/heads/loss_writer.h"

namespace enxerto {
namespace {

/// As torch.nn.CTCLoss(reduction="mean", zero_infinity=True): an example's loss over the number of its labels, at least
/// 1, and the mean of that.
std::string ctc(LossWriter& loss) {
  const std::string labels = loss.labels();
  const Attributes without{{"keepdims", std::int64_t{0}}};
  const std::string frames = loss.add("ReduceSum", "frames", {loss.mask(), loss.integers({1})}, without);
  const std::string each = loss.add("CtcLoss", "each", {loss.logits(), labels, frames},
                                    {{"blank", std::int64_t{0}}, {"zero_infinity", std::int64_t{1}}});
  const std::string there = loss.add("GreaterOrEqual", "there", {labels, loss.integer(0)});
  const std::string count = loss.sum_of_rows(loss.as_numbers(there, "ones"), "count");
  const std::string divisor = loss.add("Max", "at_least_one", {count, loss.number(1)});
  return loss.mean(loss.add("Div", "of_label", {each, divisor}), "mean");
}

constexpr std::array kCtcLosses{LossKind{"ctc", LossTarget::sequence, ctc}};

}  // namespace

std::span<const LossKind> ctc_losses() { return kCtcLosses; }

}  // namespace enxerto
