#include "enxerto/transfer/check_phase.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/nearest.h"
#include "enxerto/heads/head.h"
#include "enxerto/heads/loss.h"
#include "enxerto/training/check_examples.h"
#include "enxerto/transfer/phase_fields.h"

namespace enxerto {
namespace {

constexpr std::string_view kAll = "all";

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

void check_together(const Phase& phase, std::string_view where) {
  if (phase.learning_rate == 0 && !phase.lr_find && !phase.solved_exactly())
    throw usage_error(fmt::format("{}: learning_rate", where), "is 0: the phase trains nothing", "a number above 0",
                      "leave out the phase, or use lr_find = true");
  const std::int64_t batch = phase.batch_size > 0 ? phase.batch_size : kUsualBatch;
  const bool by_tokens = phase.batch_tokens > 0 && phase.batch_size == 0;
  if (!by_tokens && phase.accumulation_steps > batch)
    throw usage_error(fmt::format("{}: accumulation_steps", where), fmt::format("{}", phase.accumulation_steps),
                      fmt::format("at most the batch_size, {}", batch));
  if (phase.average_epochs == 1 || phase.average_epochs > phase.epochs)
    throw usage_error(fmt::format("{}: average_epochs", where), fmt::format("{}", phase.average_epochs),
                      phase.epochs > 1 ? fmt::format("2 to {}, the epochs of the phase", phase.epochs)
                                       : std::string("a phase of several epochs"),
                      "leave it out, or more epochs");
  if (phase.solved_exactly() && phase.train_from != kHeadStage)
    throw usage_error(fmt::format("{}: optimizer", where),
                      fmt::format("{}, but training starts at '{}'", kExact.name, phase.train_from),
                      "train_from = \"head\": only a linear head can be solved exactly", "optimizer = \"adam\"");
}

}  // namespace

void check(const Phase& phase, std::span<const std::string> stages, std::string_view where) {
  (void)trained_stages(phase, stages, where);
  Phase asked = phase;
  for (const PhaseField& row : bind_fields(asked))
    check(row.field, row.table.empty() ? fmt::format("{}: ", where) : fmt::format("{}: {}.", where, row.table));
  const std::string before = fmt::format("{}: ", where);
  if (phase.solved_exactly())
    check_knobs(phase.optimizer, kExact, before);
  else
    check(phase.optimizer, before);
  check_together(phase, where);
}

void check(std::span<const Phase> phases, std::span<const std::string> stages) {
  if (phases.empty()) {
    throw usage_error("recipe", "there is no phase", "at least one [[phase]]", "a preset: fine-tune");
  }
  for (std::size_t i = 0; i < phases.size(); ++i) check(phases[i], stages, fmt::format("phase {}", i + 1));
}

void check_parts(const Phase& phase, std::string_view loss, std::string_view where) {
  if (phase.solved_exactly() || !compares_examples(loss)) return;
  const auto refuse = [&](std::string_view key, std::int64_t value, std::string_view expected, std::string_view hint) {
    throw usage_error(
        fmt::format("{}: {}", where, key),
        fmt::format("{}, but the loss '{}' compares the examples of a batch with each other", value, loss),
        std::string(expected), std::string(hint));
  };
  if (phase.accumulation_steps > 1) refuse("accumulation_steps", phase.accumulation_steps, "1", "a smaller batch_size");
  if (phase.batch_tokens > 0)
    refuse("batch_tokens", phase.batch_tokens, "batches of a number of examples, several of each identity",
           "batch_size in its place");
}

bool settle_monitor(Phase& phase, std::string_view loss, std::string_view figure) {
  std::string& monitor = phase.early_stopping.monitor;
  if (phase.solved_exactly() || loss_target(loss) != LossTarget::centre || monitor != "val_loss") return false;
  monitor = fmt::format("val_{}", figure);
  return true;
}

std::vector<std::string> trained_stages(const Phase& phase, std::span<const std::string> stages,
                                        std::string_view where) {
  if (phase.train_from == kAll) return {stages.begin(), stages.end()};
  const auto first = std::ranges::find(stages, phase.train_from);
  if (first != stages.end()) return {first, stages.end()};
  std::vector<std::string> names(stages.begin(), stages.end());
  names.emplace_back(kAll);
  throw usage_error(fmt::format("{}: train_from", where),
                    fmt::format("'{}' is not a stage{}", phase.train_from, did_you_mean(phase.train_from, names)),
                    listed(phase.train_from, stages));
}

void refuse_exact(std::string_view obstacle, std::string_view where) {
  throw usage_error(fmt::format("{}: optimizer", where),
                    fmt::format("{}, but a head with {} cannot be solved exactly", kExact.name, obstacle),
                    "an optimizer that makes steps", "optimizer = \"adam\"");
}

void settle_batch_size(Phase& phase, std::size_t examples, std::string_view where) {
  if (phase.solved_exactly() && phase.batch_norm != BatchNormPolicy::recompute) return;
  if (phase.batch_tokens > 0 && phase.batch_size == 0) return;
  if (phase.batch_size == 0)
    phase.batch_size = std::clamp<std::int64_t>(static_cast<std::int64_t>(examples), 1, kUsualBatch);
  check_batch_size(phase.batch_size, examples, where);
}

OptimizerOptions optimizer_of(const Phase& phase) {
  if (find_optimizer(phase.optimizer.kind) == nullptr)
    throw usage_error("optimizer", fmt::format("'{}' takes no steps", phase.optimizer.kind), "sgd, adam, adamw ..");
  return phase.optimizer;
}

}  // namespace enxerto
