#include "enxerto/workflow/rehearsal.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <string_view>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/input_spec.h"
#include "enxerto/base/setting.h"
#include "enxerto/data/example_groups.h"
#include "enxerto/data/label_sets.h"
#include "enxerto/data/split_units.h"
#include "enxerto/data/target_kind.h"
#include "enxerto/engine/trainer.h"
#include "enxerto/generation/written_figures.h"
#include "enxerto/graph/block_dropout.h"
#include "enxerto/graph/head_stage.h"
#include "enxerto/graph/initial_parameters.h"
#include "enxerto/graph/lora.h"
#include "enxerto/graph/recurrent.h"
#include "enxerto/heads/head.h"
#include "enxerto/heads/loss.h"
#include "enxerto/media/preprocessor.h"
#include "enxerto/metrics/metric_set.h"
#include "enxerto/pretrained/peft_adapter.h"
#include "enxerto/pretrained/translation/translation_network.h"
#include "enxerto/training/check_examples.h"
#include "enxerto/training/checkpoint.h"
#include "enxerto/training/monitor.h"
#include "enxerto/transfer/graft.h"
#include "enxerto/transfer/phase_cut.h"
#include "enxerto/transfer/phase_lora.h"
#include "enxerto/transfer/run_phase.h"
#include "enxerto/workflow/ineffective_keys.h"
#include "enxerto/workflow/row_roles.h"
#include "enxerto/workflow/task_request.h"
#include "enxerto/zoo/text_architectures.h"

namespace enxerto {
namespace {

std::vector<std::size_t> learnable(const TrainingData& data) {
  std::vector<std::size_t> positions(data.train_end);
  std::iota(positions.begin(), positions.end(), std::size_t{0});
  return positions;
}

/// Takes the share off each class, as a split does.
void hold_out(std::map<std::int64_t, std::size_t>& classes, double share) {
  for (auto& [number, count] : classes) count -= share_of(share, count);
}

std::size_t total(const std::map<std::int64_t, std::size_t>& classes) {
  return std::accumulate(classes.begin(), classes.end(), std::size_t{0},
                         [](std::size_t sum, const auto& one) { return sum + one.second; });
}

/// What is left to learn from where all examples can be read and no two belong together; with several labels or
/// groups, whose shares are not exact, what can be left at most.
std::size_t most_training_examples(const PlannedRun& run) {
  const Dataset& data = *run.data.all;
  const std::vector<std::size_t> positions = learnable(run.data);
  const Recipe::Data& recipe = run.recipe.data;
  const double test_share = run.data.has_test() ? 0 : recipe.test_split;
  const std::string pattern = is_group_pattern(recipe.group) ? recipe.group : "";
  if (!label_sets(data, positions).at_most_one_each() || example_groups(data, positions, pattern).groups > 0)
    return positions.size() - static_cast<std::size_t>(std::ceil(static_cast<double>(positions.size()) * test_share));
  std::map<std::int64_t, std::size_t> classes;
  for (const std::size_t position : positions) ++classes[stratum_of(data, position)];
  hold_out(classes, test_share);
  const bool has_validation = run.data.validation_end > run.data.train_end;
  if (!has_validation) hold_out(classes, validation_share(recipe.validation_split, total(classes)));
  return total(classes);
}

void check_classes(const PlannedRun& run) {
  const Dataset& data = *run.data.all;
  if (data.info().target.kind != kClassTarget) return;
  std::set<std::int64_t> present;
  for (const std::size_t position : learnable(run.data)) present.insert(class_number(data.target(position)));
  if (present.size() < 2)
    throw data_error(run.recipe.data.path,
                     present.empty()
                         ? "no examples"
                         : fmt::format("examples of one class only, '{}'",
                                       data.info().target.names.at(static_cast<std::size_t>(*present.begin()))),
                     "examples of at least two classes", "add examples of another class");
}

void check_batches(const PlannedRun& run) {
  if (std::ranges::none_of(run.phases, [](const Phase& phase) { return phase.batch_size > 0; })) return;
  const std::size_t most = most_training_examples(run);
  const bool random = run.recipe.backbone.weights == "random";
  for (std::size_t i = 0; i < run.phases.size(); ++i) {
    const Phase& phase = run.phases[i];
    const std::string name = phase_name(i, phase);
    if (phase.solved_exactly() || phase.batch_size == 0) continue;
    check_batch_size(phase.batch_size, most, name);
    check_number(name + ": batch_size", static_cast<double>(phase.batch_size),
                 {.low = trains_norms(phase, random) ? 2.0 : 1.0});
  }
}

bool has_recurrent_layers(const Graph& graph) {
  return std::ranges::any_of(graph.nodes, [](const Node& node) { return recurrent_gates(node.op) > 0; });
}

/// From example to example.
bool varies(const Value& input) {
  return std::ranges::any_of(input.shape, [](const Dim& dim) { return dim.is_symbolic() && dim.symbol != "batch"; });
}

bool has_blocks(const Graph& graph) { return !dropping_stages(graph).empty(); }

/// What is dropped in phases, and where there is something to drop.
struct DropoutKey {
  std::string_view name;
  double Phase::* rate;
  bool (*has_place)(const Graph& trained);
  std::string_view place;
};
constexpr std::array kDropoutKeys{
    DropoutKey{"recurrent_dropout", &Phase::recurrent_dropout, has_recurrent_layers, "recurrent layer"},
    DropoutKey{"block_dropout", &Phase::block_dropout, has_blocks, "block of a transformer"},
};

/// What nothing in a phase can lose is no wish that was heard.
void check_dropout(const PlannedRun& run, const DropoutKey& key) {
  for (std::size_t i = 0; i < run.phases.size(); ++i) {
    const Phase& phase = run.phases[i];
    if (phase.*key.rate == 0) continue;
    const std::string where = fmt::format("{}: {}", phase_name(i, phase), key.name);
    const std::string tip = "leave it out";
    if (phase.train_from == kHeadStage) throw usage_error(where, "has no effect: only the head is trained", "", tip);
    if (!key.has_place(cut_for_phase(run.backbone.graph, phase.train_from).suffix))
      throw usage_error(where, fmt::format("has no effect: no {} is trained", key.place), "", tip);
  }
}

/// A network without words, or, of one that translates, new ones of the language that it writes.
bool learns_words(const Recipe::Backbone& backbone) {
  if (find_text_architecture(backbone.name) != nullptr) return true;
  return backbone.vocabulary == kLearnedPieces && is_translation_network(backbone.name);
}

/// Batches are counted in tokens where examples vary in length behind the cut. What enters a new head is known later.
void check_tokens(const PlannedRun& run) {
  for (std::size_t i = 0; i < run.phases.size(); ++i) {
    const Phase& phase = run.phases[i];
    if (phase.batch_tokens == 0 || phase.solved_exactly() || phase.train_from == kHeadStage) continue;
    const Graph suffix = cut_for_phase(run.backbone.graph, phase.train_from).suffix;
    const bool fixed = std::ranges::all_of(run.backbone.spec.preprocessor->inputs(), &InputSpec::fixed);
    if (!fixed && std::ranges::any_of(suffix.inputs, varies)) continue;
    throw usage_error(
        fmt::format("{}: batch_tokens", phase_name(i, phase)),
        fmt::format("has no effect: what is trained takes {} of one size", fixed ? "examples" : "features"), "",
        "leave it out, or use batch_size");
  }
}

/// Layers that nobody has are found before anything is computed.
void check_lora(const PlannedRun& run) {
  for (const Phase& phase : run.phases)
    if (phase.lora_rank > 0 && !phase.solved_exactly())
      (void)lora_weights(phase.train_from == kHeadStage
                             ? Graph{.name = {}, .inputs = {}, .outputs = {}, .nodes = {}, .parameters = {}}
                             : cut_for_phase(run.backbone.graph, phase.train_from).suffix,
                         lora_options(phase));
}

/// What is kept apart is all that was learned.
void check_adapter(const PlannedRun& run, bool foretells) {
  if (run.recipe.output.adapter.empty()) return;
  const std::string where = "output.adapter", tip = "leave it out: the saved model has what was learned";
  if (run.phases.size() != 1 || run.phases.front().lora_rank == 0)
    throw usage_error(where, "has no effect but on a run of one phase with a lora_rank", "such a phase", tip);
  if (!foretells) throw usage_error(where, "would lack the new head", "a language model", tip);
  require_peft_names(run.backbone.graph.name);
  std::error_code ignored;
  if (!run.recipe.output.replace && std::filesystem::exists(run.recipe.output.adapter, ignored))
    throw usage_error(run.recipe.output.adapter, "already exists", "a new name",
                      "choose another name, or allow it to be replaced");
}

void check_exact_rows(const PlannedRun& run) {
  const bool solves = std::ranges::any_of(run.phases, &Phase::solved_exactly);
  if (solves && dtype_of_cache(run.recipe.run.cache.dtype) != DType::f32)
    throw usage_error("training.cache_dtype",
                      fmt::format("'{}', but a head is solved exactly", word_of(run.recipe.run.cache.dtype)), "fp32",
                      "fp32, or optimizer = \"adam\"");
}

/// Whether a parameter begins as a scheme of initial weights says.
bool is_drawn(const ParameterSpec& parameter) {
  return parameter.role == Role::weight && parameter.shape.size() > 1 && !parameter.start;
}

/// Where phases make steps: nobody's checkpoint is in the way, and the engine learns such a head on such a device.
void check_steps(const PlannedRun& run, const Blueprint& head, const LossSpec& loss) {
  if (std::ranges::all_of(run.phases, &Phase::solved_exactly)) return;
  const std::filesystem::path folder = CheckpointFolder::beside(run.recipe.output.path);
  if (!run.recipe.resume && !run.recipe.output.replace) CheckpointFolder::require_none(folder);
  const Graph learner = with_loss(head.fill(initial_parameters(head, {})), loss);
  (void)make_trainer(learner, {.groups = {}, .device = run.recipe.run.device});
}

}  // namespace

std::string phase_name(std::size_t number, const Phase& phase) {
  const bool on_views = phase.solved_exactly() && phase.augmentation != Augmentation{};
  return fmt::format("phase {} ({}{})", number + 1, phase.train_from, on_views ? " on augmented views" : "");
}

TaskPtr rehearse(const PlannedRun& run) {
  check_classes(run);
  const std::vector<std::size_t> training = learnable(run.data);
  if (const std::string& group = run.recipe.data.group; is_group_pattern(group))
    (void)example_groups(*run.data.all, training, group);  // a pattern that is none, or fits nothing
  const TaskRequest request = task_request(run.recipe, task_kind_for(run.recipe.task.kind, run.data.all->info()));
  const HeadFeatures features = before_head(run.backbone.graph, request.head);
  const TaskPtr task =
      make_task(run.recipe.task.kind, {.dataset = *run.data.all, .training = training, .features = &features}, request);
  const Blueprint head = head_of(*task, run.backbone.graph);
  MetricsReport measured = MetricSet(task->metrics()).report();
  if (task->kind().writes) {
    const MetricsReport texts = unwritten(*run.backbone.spec.preprocessor);
    measured.values.insert(measured.values.end(), texts.values.begin(), texts.values.end());
  }
  for (std::size_t i = 0; i < run.phases.size(); ++i)
    (void)higher_is_better(run.phases[i].early_stopping.monitor, measured, phase_name(i, run.phases[i]));
  refuse_ineffective({.asked = run.asked,
                      .phases = run.phases,
                      .loss = task->loss(),
                      .pools = features.value.shape.size() > 2 && !task->kind().begins_able(),
                      .maps = !features.maps.empty(),
                      .layers = !task->head().hidden.empty(),
                      .draws = std::ranges::any_of(head.parameters, is_drawn),
                      .learns_words = learns_words(run.recipe.backbone),
                      .has_test = run.data.has_test(),
                      .decides = task->kind().decides});
  for (const DropoutKey& key : kDropoutKeys) check_dropout(run, key);
  check_tokens(run);
  check_lora(run);
  check_adapter(run, task->kind().foretells);
  check_exact_rows(run);
  check_batches(run);
  check_steps(run, head, task->loss());
  return task;
}

}  // namespace enxerto
