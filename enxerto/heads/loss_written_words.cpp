#include <array>

#include "enxerto/heads/loss_writer.h"
#include "enxerto/heads/written_words_head.h"

namespace enxerto {
namespace {

/// The mean over the words that count, as `written_words_head` has summed them. Label smoothing is PyTorch's: its share
/// is spread over all words, the true one among them.
std::string written_words(LossWriter& loss) {
  const std::string columns =
      loss.add("Transpose", "columns", {loss.logits()}, {{"perm", std::vector<std::int64_t>{1, 0}}});
  const std::string sums = loss.sum_of_rows(columns, "sums");
  const auto column = [&](std::int64_t number, const char* name) {
    return loss.add("Gather", name, {sums, loss.integer(number)}, {{"axis", std::int64_t{0}}});
  };
  std::string surprise = column(0, "surprise");
  const double smoothing = loss.spec().label_smoothing;
  if (smoothing > 0) {
    const std::string sure = loss.add("Mul", "sure", {surprise, loss.number(1 - smoothing)});
    const std::string even = loss.add("Mul", "even", {column(2, "evenly"), loss.number(smoothing)});
    surprise = loss.add("Add", "smoothed", {sure, even});
  }
  const std::string count = loss.add("Max", "at_least_one", {column(1, "count"), loss.number(1)});
  return loss.add("Div", "mean", {surprise, count});
}

constexpr std::array kWrittenWordsLosses{LossKind{"written_words", LossTarget::written, written_words}};

}  // namespace

std::span<const LossKind> written_words_losses() { return kWrittenWordsLosses; }

}  // namespace enxerto
