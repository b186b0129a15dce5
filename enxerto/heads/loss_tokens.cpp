#include <array>

#include "enxerto/heads/loss_writer.h"

namespace enxerto {
namespace {

/// As transformers' models for question answering: the mean of the cross-entropies of begin and end.
std::string span_cross_entropy(LossWriter& loss) {
  const std::string logarithms =
      loss.add("LogSoftmax", "log_probabilities", {loss.logits()}, {{"axis", std::int64_t{1}}});
  const std::string numbers = loss.add("Unsqueeze", "numbers", {loss.token_numbers(), loss.integers({1})});
  const std::string chosen = loss.add("GatherElements", "chosen", {logarithms, numbers}, {{"axis", std::int64_t{1}}});
  return loss.add("Neg", "negative", {loss.mean(chosen, "mean")});
}

constexpr std::array kTokenLosses{LossKind{"span_cross_entropy", LossTarget::tokens, span_cross_entropy}};

}  // namespace

std::span<const LossKind> token_losses() { return kTokenLosses; }

}  // namespace enxerto
