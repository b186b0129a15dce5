#include "enxerto/training/check_loop.h"

#include <string_view>

#include <fmt/format.h>

#include "enxerto/base/setting.h"
#include "enxerto/training/check_examples.h"

namespace enxerto {

std::string name_of(const LoopOptions& options) { return options.name.empty() ? "phase" : options.name; }

void check(const LoopOptions& options, const PhaseData& data) {
  const std::string name = name_of(options);
  const bool by_tokens = options.batch_tokens > 0 && options.batch_size == 0;
  check_batch_size(by_tokens ? 1 : options.batch_size, data.training.size(), name);
  const auto number = [&](std::string_view field, double value, const NumberRange& range) {
    check_number(fmt::format("{}: {}", name, field), value, range);
  };
  number("epochs", static_cast<double>(options.epochs), {.low = 1});
  number("stop_after", static_cast<double>(options.stop_after), kNotNegative);
  if (!by_tokens)
    number("batch_size", static_cast<double>(options.batch_size), {.low = options.trains_norms ? 2.0 : 1.0});
  number("batch_tokens", static_cast<double>(options.batch_tokens), kNotNegative);
  number("average_epochs", static_cast<double>(options.average_epochs), kNotNegative);
  number("accumulation_steps", static_cast<double>(options.accumulation_steps), {.low = 1});
  number("learning_rate", options.learning_rate, kAboveZero);
  number("evaluation_batch", static_cast<double>(options.evaluation_batch), kNotNegative);
  number("judged_every", static_cast<double>(options.judged_every), {.low = 1});
  number("patience", static_cast<double>(options.early_stopping.patience), kNotNegative);
  number("min_delta", options.early_stopping.min_delta, kNotNegative);
}

}  // namespace enxerto
