#include "enxerto/workflow/score_words.h"

#include <string_view>

#include <fmt/format.h>

#include "enxerto/report/figures.h"

namespace enxerto {
namespace {

std::string value_text(const Score& score, const MetricsReport& measured) {
  constexpr std::string_view kPart = "val_";
  const std::string_view monitor = score.monitor;
  const MetricValue* known = measured.find(monitor.starts_with(kPart) ? monitor.substr(kPart.size()) : monitor);
  return text_of({.name = score.monitor, .value = score.value, .share = known != nullptr && known->share});
}

}  // namespace

std::string score_words(const Score& score, const MetricsReport& measured, std::size_t folds) {
  std::string words = fmt::format("{} {}", score.monitor, value_text(score, measured));
  if (score.monitor != "val_loss" && score.val_loss) words += fmt::format(" (val_loss {:.4g})", *score.val_loss);
  return folds > 1 ? fmt::format("{}, the mean of {} folds", words, folds) : words;
}

}  // namespace enxerto
