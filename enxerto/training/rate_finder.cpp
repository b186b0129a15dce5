#include "enxerto/training/rate_finder.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/setting.h"
#include "enxerto/training/batch_prefetch.h"
#include "enxerto/training/check_examples.h"
#include "enxerto/training/put_back.h"

namespace enxerto {
namespace {

constexpr double kSmoothing = 0.98;
constexpr std::size_t kLeastPoints = 4;
constexpr std::size_t kLeftOutAtTheEnd = 5;  // fastai's: where the loss is already exploding

void check(const RateFinderOptions& options) {
  const auto number = [](std::string_view name, double value, const NumberRange& range) {
    check_number(fmt::format("learning rate finder: {}", name), value, range);
  };
  number("lowest", options.lowest, kAboveZero);
  number("highest", options.highest, {.low = options.lowest, .low_open = true});
  number("steps", static_cast<double>(options.steps), from_to(20, 1e6));
  if (options.batch_tokens == 0)
    number("batch_size", static_cast<double>(options.batch_size), {.low = options.trains_norms ? 2.0 : 1.0});
  number("accumulation_steps", static_cast<double>(options.accumulation_steps), {.low = 1});
  number("stop_factor", options.stop_factor, {.low = 1, .low_open = true});
}

FoundRate curve(Trainer& trainer, BatchSource& training, const RateFinderOptions& options, Progress& progress) {
  const EpochBatchesOptions order{.examples = training.size(),
                                  .batch_size = options.batch_size,
                                  .accumulation_steps = options.accumulation_steps,
                                  .batch_tokens = options.batch_tokens,
                                  .no_singles = options.trains_norms,
                                  .seed = options.seed,
                                  .lengths = batch_lengths(training, options.batch_tokens, "learning rate finder")};
  FoundRate found;
  double average = 0, best = std::numeric_limits<double>::infinity();
  std::int64_t step = 0;
  for (std::uint64_t epoch = 0;; ++epoch) {
    BatchPrefetch batches(training, epoch_batches(order, epoch), epoch);
    for (std::size_t i = 0; i < batches.batches().size(); ++i, ++step) {
      if (step == options.steps) return found;
      throw_if_cancelled(progress);
      const double share = static_cast<double>(step) / static_cast<double>(options.steps - 1);
      const double rate = options.lowest * std::pow(options.highest / options.lowest, share);
      const StepResult result = trainer.step(batches.next(), rate);
      progress.advance(1);
      if (!result.applied) return found;
      average = kSmoothing * average + (1 - kSmoothing) * result.loss;
      const double loss = average / (1 - std::pow(kSmoothing, static_cast<double>(step + 1)));
      found.rates.push_back(rate);
      found.losses.push_back(loss);
      best = std::min(best, loss);
      if (loss > options.stop_factor * best) return found;
    }
  }
}

/// Number of the point up to which the longest falling subsequence goes, and how long it is.
std::pair<std::size_t, std::size_t> longest_descent(std::span<const double> losses) {
  std::vector<std::size_t> length(losses.size(), 1);
  std::size_t end = 0;
  for (std::size_t i = 1; i < losses.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j)
      if (losses[i] < losses[j]) length[i] = std::max(length[i], length[j] + 1);
    if (length[end] < length[i]) end = i;
  }
  return {end, length[end]};
}

[[noreturn]] void throw_no_descent(std::string found) {
  throw Error(ErrorKind::diverged, {.where = "learning rate finder",
                                    .found = std::move(found),
                                    .expected = "a loss that falls somewhere between the lowest and the highest rate",
                                    .tip = "set learning_rate, and check the data and its labels"});
}

void suggest(FoundRate& found, std::int64_t steps) {
  std::span<const double> rates = found.rates, losses = found.losses;
  const auto skipped = static_cast<std::size_t>(steps / 10);
  if (rates.size() >= skipped + kLeftOutAtTheEnd + kLeastPoints) {
    rates = rates.subspan(skipped, rates.size() - skipped - kLeftOutAtTheEnd);
    losses = losses.subspan(skipped, losses.size() - skipped - kLeftOutAtTheEnd);
  }
  if (rates.size() < kLeastPoints)
    throw_no_descent(fmt::format("the loss is not finite or explodes after {} steps", rates.size()));
  const std::size_t length = longest_descent(losses).second;
  if (length < 2) throw_no_descent("the loss only rises");
  found.rule = length >= kLeastPoints ? "valley" : "steepest";
  found.suggestion = length >= kLeastPoints ? valley_rate(rates, losses) : steepest_rate(rates, losses);
}

}  // namespace

double valley_rate(std::span<const double> rates, std::span<const double> losses) {
  const auto [end, length] = longest_descent(losses);
  const auto first = static_cast<std::ptrdiff_t>(end) - static_cast<std::ptrdiff_t>(length);
  const double sections = static_cast<double>(length) / 3;
  const std::ptrdiff_t index =
      first + static_cast<std::ptrdiff_t>(sections) + static_cast<std::ptrdiff_t>(sections / 2);
  return rates[static_cast<std::size_t>(std::max<std::ptrdiff_t>(index, 0))];
}

double steepest_rate(std::span<const double> rates, std::span<const double> losses) {
  std::size_t best = 0;
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i + 1 < rates.size(); ++i) {
    const double slope = (losses[i + 1] - losses[i]) / (std::log(rates[i + 1]) - std::log(rates[i]));
    if (slope < least) {
      least = slope;
      best = i;
    }
  }
  return rates[best];
}

FoundRate find_rate(Trainer& trainer, BatchSource& training, const RateFinderOptions& options, Progress& progress) {
  if (options.batch_tokens == 0 || options.batch_size > 0)
    check_batch_size(options.batch_size, training.size(), "learning rate finder");
  check(options);
  PutBack put_back(trainer);
  progress.begin("learning rate", static_cast<std::size_t>(options.steps));
  FoundRate found;
  try {
    found = curve(trainer, training, options, progress);
  } catch (...) {
    put_back.now();
    throw;
  }
  put_back.now();
  progress.end();
  suggest(found, options.steps);
  return found;
}

}  // namespace enxerto
