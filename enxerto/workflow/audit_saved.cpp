#include "enxerto/workflow/audit_saved.h"

#include <algorithm>

#include "enxerto/heads/head.h"
#include "enxerto/transfer/freeze_audit.h"
#include "enxerto/transfer/run_phase.h"

namespace enxerto {
namespace {

/// Stages of the backbone that are not part of the saved network: its head, and what is behind the maps that the new
/// head takes.
std::vector<std::string> stages_left_out(const AuditedRun& run) {
  std::vector<std::string> left_out{std::string(kHeadStage)};
  for (const std::string& stage : run.backbone.stages())
    if (std::ranges::find(run.stages, stage) == run.stages.end()) left_out.push_back(stage);
  return left_out;
}

}  // namespace

void audit_saved(const Graph& saved, const TensorMap& golden, const AuditedRun& run) {
  const auto place = [&](const Phase& phase) {
    const auto found = std::ranges::find(run.stages, phase.train_from);
    return found == run.stages.end() ? 0 : found - run.stages.begin();
  };
  const auto lowest = std::ranges::min_element(run.phases, {}, place);
  const bool recompute = std::ranges::any_of(
      run.phases, [](const Phase& phase) { return phase.batch_norm == BatchNormPolicy::recompute; });
  const bool moved = recompute || std::ranges::any_of(run.phases, [&](const Phase& phase) {
                       return trains_norms(phase, run.random_weights);
                     });
  // New statistics were asked for everywhere, so only what is no statistic can be held against the file.
  const std::string trained_from = recompute || place(*lowest) == 0 ? "all" : lowest->train_from;
  const auto frozen = frozen_tensors(
      run.backbone, {.trained_from = trained_from, .replaced = stages_left_out(run), .statistics_frozen = !moved});
  if (!frozen.empty()) require_frozen(run.backbone, saved, frozen, run.path);
  // A head that was solved is run behind its prefix by the goldens already.
  const bool solved_only = run.phases.size() == 1 && run.phases.front().solved_exactly();
  if (place(*lowest) == 0 || solved_only) return;
  TensorMap inputs;
  for (const Value& input : saved.inputs) inputs.set(input.name, golden.at("input/" + input.name));
  require_halves(saved, lowest->train_from, inputs, run.path);
}

}  // namespace enxerto
