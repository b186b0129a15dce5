#include "enxerto/report/advice.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

#include <fmt/format.h>

#include "enxerto/base/quantity.h"
#include "enxerto/report/figures.h"

namespace enxerto {
namespace {

using Rule = std::optional<Advice> (*)(const MetricsReport& test, const AdviceFacts& facts);

/// Test examples of the class that has the fewest, of those that have some.
std::size_t fewest_tested(const MetricsReport& test) {
  std::size_t fewest = std::numeric_limits<std::size_t>::max();
  if (!test.confusion) return fewest;
  for (const std::vector<std::size_t>& predicted : test.confusion->counts) {
    const std::size_t examples = std::reduce(predicted.begin(), predicted.end());
    if (examples > 0) fewest = std::min(fewest, examples);
  }
  return fewest;
}

/// Balanced accuracy is shown where classes are of unequal size.
std::optional<Advice> class_weights(const MetricsReport& test, const AdviceFacts& facts) {
  constexpr double kNoticeable = 0.05;
  constexpr std::size_t kFewTested = 5;  // fewer say nothing of a class
  const MetricValue *accuracy = test.find("accuracy"), *balanced = test.find("balanced_accuracy");
  if (facts.weighted || accuracy == nullptr || balanced == nullptr || !balanced->shown) return std::nullopt;
  if (!(accuracy->value - balanced->value > kNoticeable) || fewest_tested(test) < kFewTested) return std::nullopt;
  return Advice{.text = fmt::format("class weights: accuracy is {}, but balanced accuracy only {}, as rare classes are "
                                    "recognised less often",
                                    percent(accuracy->value), percent(balanced->value)),
                .key = "head.class_weights",
                .value = "balanced"};
}

std::optional<Advice> smaller_rate(const MetricsReport& /*test*/, const AdviceFacts& facts) {
  if (!facts.diverged) return std::nullopt;
  const DivergedPhase& phase = *facts.diverged;
  Advice found{.text = fmt::format("a smaller learning rate than {:g}{}: {} diverged", phase.rate,
                                   phase.of_preset ? ", which the preset chose" : "", phase.name),
               .key = "",
               .value = ""};
  if (phase.is_last)
    return Advice{std::move(found.text), "training.learning_rate", fmt::format("{:g}", phase.rate / 10)};
  if (phase.of_preset) found.text += "; a recipe of your own with [[phase]] says the rate of each";
  return found;
}

std::optional<Advice> more_epochs(const MetricsReport& /*test*/, const AdviceFacts& facts) {
  if (!facts.improving) return std::nullopt;
  return Advice{.text = "more epochs: training was still improving when it ended", .key = "", .value = ""};
}

std::optional<Advice> larger_input(const MetricsReport& /*test*/, const AdviceFacts& facts) {
  if (facts.size <= 0 || facts.size >= facts.pretrained_size) return std::nullopt;
  return Advice{.text = fmt::format("a larger input: the network was pretrained at {} px and was used at {} px",
                                    facts.pretrained_size, facts.size),
                .key = "input.size",
                .value = fmt::format("{}", facts.pretrained_size)};
}

std::optional<Advice> more_examples(const MetricsReport& /*test*/, const AdviceFacts& facts) {
  constexpr std::size_t kFew = 20;
  if (facts.classes == 0 || facts.training_examples == 0 || facts.training_examples >= kFew * facts.classes)
    return std::nullopt;
  return Advice{.text = fmt::format("more examples: only {} to learn {} from", format_count(facts.training_examples),
                                    counted(facts.classes, "class", "classes")),
                .key = "",
                .value = ""};
}

std::optional<Advice> unfreezing(const MetricsReport& /*test*/, const AdviceFacts& facts) {
  constexpr std::size_t kEnough = 50;  // of a class: with fewer no gain was seen
  if (!facts.head_only || facts.training_examples < kEnough * std::max<std::size_t>(facts.classes, 1))
    return std::nullopt;
  return Advice{
      .text = "fine-tuning: so far only the head has been trained", .key = "training.preset", .value = "fine-tune"};
}

std::optional<Advice> stronger_backbone(const MetricsReport& /*test*/, const AdviceFacts& facts) {
  if (facts.stronger.empty()) return std::nullopt;
  return Advice{.text = fmt::format("a stronger backbone: {} is the next in its family", facts.stronger),
                .key = "backbone.name",
                .value = facts.stronger};
}

/// The dearest last.
constexpr std::array<Rule, 7> kRules{smaller_rate,  class_weights, more_epochs,      larger_input,
                                     more_examples, unfreezing,    stronger_backbone};

bool perfect(const MetricValue& figure) {
  constexpr double kNothingLeft = 0.99;
  return figure.share && figure.higher_is_better && figure.value >= kNothingLeft;
}

}  // namespace

std::optional<Advice> advice(const MetricsReport& test, const AdviceFacts& facts) {
  const MetricValue first = shown_figures(test).front();
  if (!std::isfinite(first.value)) return std::nullopt;
  for (const Rule& rule : kRules) {
    if (perfect(first) && rule != static_cast<Rule>(class_weights)) continue;
    if (auto found = rule(test, facts)) return found;
  }
  return std::nullopt;
}

}  // namespace enxerto
