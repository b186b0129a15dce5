#include "enxerto/transfer/check_phase.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <limits>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/nearest.h"
#include "enxerto/training/number_rule.h"

namespace enxerto {
namespace {

constexpr std::string_view kAll = "all", kHead = "head", kConvex = "convex";

/// The nearest first, then as they come in the network.
std::string listed(std::string_view word, std::span<const std::string> stages) {
  std::vector<std::string> names(stages.begin(), stages.end());
  names.emplace_back(kAll);
  if (const auto near = nearest(word, names)) {
    const auto found = std::ranges::find(names, *near);
    std::rotate(names.begin(), found, std::next(found));
  }
  return fmt::format("a stage of the network: {}", fmt::join(names, ", "));
}

void check_numbers_of(const Phase& phase, std::string_view where) {
  const auto number = [](std::int64_t value) { return static_cast<double>(value); };
  const std::array rules{
      NumberRule{.field = "epochs", .value = number(phase.epochs), .low = 1, .high = 1e9},
      NumberRule{.field = "batch_size", .value = number(phase.batch_size), .low = 1, .high = 1e9},
      NumberRule{.field = "layer_decay", .value = phase.layer_decay, .high = 1, .low_open = true},
      NumberRule{.field = "momentum", .value = phase.momentum, .high = 1, .high_open = true},
      NumberRule{.field = "weight_decay", .value = phase.weight_decay},
      NumberRule{.field = "epsilon", .value = phase.epsilon},
      NumberRule{.field = "clip_norm", .value = phase.clip_norm},
      NumberRule{.field = "accumulate",
                 .value = number(phase.accumulate),
                 .low = 1,
                 .high = number(std::max<std::int64_t>(phase.batch_size, 1))},
      NumberRule{.field = "average_decay", .value = phase.average_decay, .high = 1, .high_open = true},
      NumberRule{.field = "views", .value = number(phase.views), .high = 1000},
      NumberRule{.field = "min_delta", .value = phase.stopping.min_delta},
      NumberRule{.field = "patience", .value = number(phase.stopping.patience)},
  };
  check_numbers(where, rules);
}

void check_rate(const Phase& phase, std::string_view where) {
  if (phase.learning_rate == 0 && !phase.find_rate && phase.optimizer != kConvex) {
    throw Error(ErrorKind::usage, {.where = fmt::format("{}: learning_rate", where),
                                   .found = "is 0: the phase trains nothing",
                                   .expected = "a number above 0",
                                   .tip = "leave the phase out, or find_rate = true"});
  }
  const std::array rules{NumberRule{.field = "learning_rate", .value = phase.learning_rate}};
  check_numbers(where, rules);
}

void check_together(const Phase& phase, std::string_view where) {
  if (phase.nesterov && (phase.optimizer != "sgd" || phase.momentum == 0)) {
    throw Error(ErrorKind::usage, {.where = fmt::format("{}: nesterov", where),
                                   .found = "without sgd and a momentum",
                                   .expected = "optimizer = \"sgd\" and momentum above 0",
                                   .tip = "momentum = 0.9"});
  }
  if (phase.momentum != 0 && phase.optimizer != "sgd" && phase.optimizer != "rmsprop") {
    throw Error(ErrorKind::usage, {.where = fmt::format("{}: momentum", where),
                                   .found = fmt::format("with the optimizer {}, which has none", phase.optimizer),
                                   .expected = "optimizer = \"sgd\" or \"rmsprop\"",
                                   .tip = "leave momentum out"});
  }
  if (phase.optimizer == kConvex && phase.train_from != kHead) {
    throw Error(ErrorKind::usage, {.where = fmt::format("{}: optimizer", where),
                                   .found = fmt::format("convex, but training starts at '{}'", phase.train_from),
                                   .expected = "train_from = \"head\": only a linear head can be solved exactly",
                                   .tip = "optimizer = \"adam\""});
  }
}

}  // namespace

std::vector<std::string> optimizer_names() { return {"convex", "sgd", "adam", "adamw", "rmsprop"}; }
std::vector<std::string> norm_policy_names() { return {"auto", "frozen", "restat", "train"}; }

void check(const Phase& phase, std::span<const std::string> stages, std::string_view where) {
  (void)trained_stages(phase, stages, where);
  check_word(where, {.field = "optimizer", .word = phase.optimizer, .words = optimizer_names()});
  check_word(where, {.field = "batch_norm", .word = phase.batch_norm, .words = norm_policy_names()});
  check_rate(phase, where);
  check_numbers_of(phase, where);
  check_together(phase, where);
  check(phase.schedule, where);
  check(phase.augmentation, where);
}

void check(std::span<const Phase> phases, std::span<const std::string> stages) {
  if (phases.empty()) {
    throw Error(ErrorKind::usage, {.where = "recipe",
                                   .found = "there is no phase",
                                   .expected = "at least one [[phase]]",
                                   .tip = "a preset: fine-tune"});
  }
  for (std::size_t i = 0; i < phases.size(); ++i) check(phases[i], stages, fmt::format("phase {}", i + 1));
}

std::vector<std::string> trained_stages(const Phase& phase, std::span<const std::string> stages,
                                        std::string_view where) {
  if (phase.train_from == kAll) return {stages.begin(), stages.end()};
  const auto first = std::ranges::find(stages, phase.train_from);
  if (first != stages.end()) return {first, stages.end()};
  std::vector<std::string> names(stages.begin(), stages.end());
  names.emplace_back(kAll);
  throw Error(ErrorKind::usage,
              {.where = fmt::format("{}: train_from", where),
               .found = fmt::format("'{}' is no stage{}", phase.train_from, did_you_mean(phase.train_from, names)),
               .expected = listed(phase.train_from, stages),
               .tip = ""});
}

OptimizerOptions optimizer_of(const Phase& phase) {
  using Kind = OptimizerOptions::Kind;
  constexpr std::array<std::pair<std::string_view, Kind>, 4> kKinds{
      {{"sgd", Kind::sgd}, {"adam", Kind::adam}, {"adamw", Kind::adamw}, {"rmsprop", Kind::rmsprop}}};
  const auto* row = std::ranges::find(kKinds, phase.optimizer, &std::pair<std::string_view, Kind>::first);
  if (row == kKinds.end()) {
    throw Error(ErrorKind::usage, {.where = "optimizer",
                                   .found = fmt::format("'{}' makes no steps", phase.optimizer),
                                   .expected = "sgd, adam, adamw or rmsprop",
                                   .tip = ""});
  }
  OptimizerOptions options;
  options.kind = row->second;
  options.momentum = phase.momentum;
  options.nesterov = phase.nesterov;
  if (phase.epsilon > 0) options.epsilon = phase.epsilon;
  return options;
}

}  // namespace enxerto
