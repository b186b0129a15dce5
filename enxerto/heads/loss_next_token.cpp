#include <array>

#include "enxerto/heads/loss_writer.h"

namespace enxerto {
namespace {

/// The head has looked the tokens up already (`language_model_head`): sums of surprise over numbers of tokens.
std::string next_token(LossWriter& loss) {
  const std::string columns =
      loss.add("Transpose", "columns", {loss.logits()}, {{"perm", std::vector<std::int64_t>{1, 0}}});
  const std::string sums = loss.sum_of_rows(columns, "sums");
  const std::string surprise = loss.add("Gather", "surprise", {sums, loss.integer(0)}, {{"axis", std::int64_t{0}}});
  const std::string count = loss.add("Gather", "count", {sums, loss.integer(1)}, {{"axis", std::int64_t{0}}});
  return loss.add("Div", "mean", {surprise, loss.add("Max", "at_least_one", {count, loss.number(1)})});
}

constexpr std::array kNextTokenLosses{LossKind{"next_token", LossTarget::own, next_token}};

}  // namespace

std::span<const LossKind> next_token_losses() { return kNextTokenLosses; }

}  // namespace enxerto
