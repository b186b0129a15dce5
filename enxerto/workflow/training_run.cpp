#include "enxerto/workflow/training_run.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/duration.h"
#include "enxerto/base/quantity.h"
#include "enxerto/base/threads.h"
#include "enxerto/base/to_size.h"
#include "enxerto/bundle/bundle.h"
#include "enxerto/data/identities.h"
#include "enxerto/data/same_words.h"
#include "enxerto/data/target_kind.h"
#include "enxerto/features/compiled_prefixes.h"
#include "enxerto/features/kept_values.h"
#include "enxerto/graph/batch_norm.h"
#include "enxerto/graph/block_dropout.h"
#include "enxerto/graph/cost.h"
#include "enxerto/graph/fold_shapes.h"
#include "enxerto/graph/initial_parameters.h"
#include "enxerto/graph/recurrent.h"
#include "enxerto/pretrained/peft_adapter.h"
#include "enxerto/report/curve_words.h"
#include "enxerto/tasks/task_parts.h"
#include "enxerto/transfer/check_phase.h"
#include "enxerto/transfer/further_figures.h"
#include "enxerto/transfer/graft.h"
#include "enxerto/transfer/phase_lora.h"
#include "enxerto/workflow/audit_saved.h"
#include "enxerto/workflow/data_notices.h"
#include "enxerto/workflow/epoch_log.h"
#include "enxerto/workflow/extraction.h"
#include "enxerto/workflow/free_output.h"
#include "enxerto/workflow/golden.h"
#include "enxerto/workflow/network_metrics.h"
#include "enxerto/workflow/next_step.h"
#include "enxerto/workflow/open_backbone.h"
#include "enxerto/workflow/plain_report.h"
#include "enxerto/workflow/refit.h"
#include "enxerto/workflow/rehearsal.h"
#include "enxerto/workflow/resolve_phases.h"
#include "enxerto/workflow/saved_model.h"
#include "enxerto/workflow/task_request.h"
#include "enxerto/workflow/time_limit.h"
#include "enxerto/workflow/training_pieces.h"
#include "enxerto/workflow/transcripts.h"

namespace enxerto {
namespace {

bool has_layers_of_steps(const Graph& graph) {
  return std::ranges::any_of(graph.nodes, [](const Node& node) { return recurrent_gates(node.op) > 0; });
}

/// Before anything is read: about so many examples will be learned from, those that choose among them.
std::int64_t expected_to_learn_from(const TrainingData& data, double test_split) {
  const double share = data.has_test() ? 1 : 1 - test_split;
  return std::max<std::int64_t>(1, std::llround(static_cast<double>(data.train_end) * share));
}

}  // namespace

TrainingRun::TrainingRun(const Recipe& recipe, Progress& progress) : progress_(progress, report_.warnings) {
  report_.recipe = recipe;
}

TrainReport TrainingRun::tell() {
  check(report_.recipe);
  require_free_output(report_.recipe.output);
  open();
  plan();
  read();
  share_out();
  grow();
  check_direction();
  open_checkpoints();
  try {
    while (state_.finished.size() < phases_.size()) run_next();
  } catch (const DivergedError& error) {
    keep_diverged(error);
  }
  choose();
  doubt_diverged();
  hold_against_start();
  if (refits_ && !keeps_start_) refit();
  settle();
  evaluate();
  save();
  return std::move(report_);
}

void TrainingRun::open() {
  timings_.begin("open");
  Recipe& recipe = report_.recipe;
  recipe.run.threads = resolve_threads(static_cast<int>(recipe.run.threads));
  if (recipe.training.preset == "scratch" && recipe.backbone.weights.empty()) recipe.backbone.weights = "random";
  settle_task(recipe);
  if (recipe.data.kind == "auto") recipe.data.kind = data_kind_of(recipe.task.kind);
  data_ = open_training_data(recipe.data, progress_);
  report_.data_format = data_.format;
  if (recipe.data.texts.empty()) recipe.data.texts = data_.texts;
  report_.classes = data_.all->info().target.names;
  if (const auto kind = std::ranges::find(task_kinds(), recipe.task.kind, &TaskKind::name);
      kind != task_kinds().end() && kind->has_gallery)
    refuse_alike_identities(report_.classes, recipe.data.path);  // before anything is computed
  const TargetKind& targets = target_kind_named(data_.all->info().target.kind);
  report_.noun = noun_of(data_.all->info().inputs);
  report_.nouns = nouns_of(data_.all->info().inputs);
  report_.targets = targets.names_are_inner   ? std::string(targets.contents)
                    : report_.classes.empty() ? std::string(targets.nouns)
                                              : counted(report_.classes.size(), targets.noun, targets.nouns);
  OpenedBackbone opened = open_backbone(recipe, *data_.all, vocabulary_source(recipe.backbone, data_), progress_);
  backbone_ = std::move(opened.backbone);
  context_.preprocessor = std::move(opened.preprocessor);
  report_.backbone = backbone_.spec.name;
  report_.weights = backbone_.weights_file;
  report_.input = context_.preprocessor->summary();
  if (task_kind().foretells) prepare_to_foretell(data_, backbone_, *context_.preprocessor, progress_);
  context_.extraction = extract_options(recipe);
  const int threads = static_cast<int>(recipe.run.threads);
  windows_ = ExampleWindows(data_.all, context_.preprocessor, threads, progress_);
  context_.dataset = windows_.rows();
  if (windows_.divides())
    progress_.notice(fmt::format("{} {} are {} {}", format_count(data_.all->size()), report_.nouns,
                                 format_count(windows_.rows()->size()), report_.input));
  notice_transcripts(*data_.all, *context_.preprocessor, threads, task_kind().foretells, progress_);
}

/// The phases, and whether all fits together: known before anything is computed.
void TrainingRun::plan() {
  Recipe& recipe = report_.recipe;
  const Recipe asked = recipe;
  own_rate_ = !asked.phases.empty() || asked.training.learning_rate > 0;
  const TaskKind& kind = task_kind();
  if (recipe.head.pool == "auto") recipe.head.pool = kind.pool.empty() ? backbone_.pool : std::string(kind.pool);
  decide_head(recipe, kind, backbone_.graph.parameters);
  if (!recipe.training.time_limit.empty()) time_limit_ = seconds_of(recipe.training.time_limit, "training.time_limit");
  std::vector<StageCost> stages = cost(backbone_.graph);
  if (stages.empty() || stages.back().stage != kHeadStage) stages.push_back({.stage = std::string(kHeadStage)});
  const TaskRequest request = task_request(recipe, kind);
  Augmentation usual = context_.preprocessor->usual_augmentation();
  if (kind.draws) usual.mixup = usual.cutmix = 0;  // what has a place in an example is not mixed with another's
  phases_ = resolve_phases(recipe, {.stages = stages,
                                    .exact = kind.exact_solver(request.head, request.loss),
                                    .new_head = !kind.begins_able(),
                                    .preset = {.examples = expected_to_learn_from(data_, recipe.data.test_split),
                                               .batch_norm = has_batch_norm(backbone_.graph),
                                               .recurrent = has_layers_of_steps(backbone_.graph),
                                               .tokens = kind.writes || before_head(backbone_.graph).mask.has_value(),
                                               .tuned_from = std::string(kind.tuned_from),
                                               .full_from = backbone_.trained_from,
                                               .dropping = dropping_stages(backbone_.graph),
                                               .monitor = "val_" + std::string(kind.monitor),
                                               .augmentation = usual}});
  recipe.phases = phases_;
  recipe.training.preset.clear();
  row_values_ = rehearse({.asked = asked, .recipe = recipe, .phases = phases_, .data = data_, .backbone = backbone_})
                    ->row_values();
}

bool TrainingRun::solves_only() const { return phases_.size() == 1 && phases_.front().solved_exactly(); }

FeatureSource TrainingRun::frozen_source() const {
  FeatureSource source{.prefix = frozen_part(backbone_.graph, task_kind(), bare_head(report_.recipe, task_kind())),
                       .preprocessor = context_.preprocessor,
                       .storage = dtype_of_cache(context_.settings.cache.dtype)};
  source.description = description(kHeadStage);
  return keeping(std::move(source), row_values_);
}

/// Of cached values before a stage.
std::string TrainingRun::description(std::string_view stage) const {
  return fmt::format("{} before {}, {}", report_.backbone, stage, context_.preprocessor->summary());
}

/// Where the first phase is frozen up to its head, its features of all examples are what reads them.
bool TrainingRun::extract_to_read() {
  const Phase& first = phases_.front();
  if (windows_.divides()) return false;
  if (first.train_from != kHeadStage || first.batch_norm == BatchNormPolicy::recompute ||
      !context_.preprocessor->random_changes(first.augmentation).empty())
    return false;
  FeatureSource source = frozen_source();
  if (feature_bytes(source, *data_.all, data_.all->size(), 1) > context_.settings.cache.budget_bytes()) return false;
  timings_.begin("precision");
  context_.ready_precision =
      resolve_precision(context_.settings.precision, source, *data_.all, context_.extraction, progress_,
                        first.solved_exactly() ? PrecisionJudge::loss : PrecisionJudge::features);
  source.precision = context_.ready_precision->chosen;
  timings_.begin("features");
  Extracted all = extract(*data_.all, source, context_.extraction, progress_);
  report_.computed += all.computed;
  report_.cached += all.cached;
  report_.repaired += all.repaired;
  report_.skipped = all.skipped;
  readable_ = {.positions = all.positions, .contents = all.contents};
  ready_ = ReadyRows(source, std::move(all));
  context_.ready = &ready_;
  return true;
}

void TrainingRun::read() {
  const Recipe& recipe = report_.recipe;
  context_.settings = recipe.run;
  context_.l2 = recipe.head.l2;
  context_.balanced = recipe.head.class_weights == ClassWeights::balanced;
  context_.random_weights = recipe.backbone.weights == "random";
  // What was compiled lies in memory: not while something is trained.
  if (solves_only()) context_.extraction.compiled = std::make_shared<CompiledPrefixes>();
  if (!extract_to_read()) {
    timings_.begin("read");
    readable_ = readable_examples(*data_.all, *context_.preprocessor, context_.extraction, report_.skipped, progress_);
  }
  readable_.copies = same_words(*data_.all, readable_.positions, readable_.contents);
  report_lost_classes(*data_.all, data_.train_end, readable_.positions, progress_);
  require_readable_part(*data_.all, {data_.train_end, data_.validation_end, "validation"}, readable_.positions);
  require_readable_part(*data_.all, {data_.validation_end, data_.all->size(), "test"}, readable_.positions);
}

/// Which example is for what: by the examples' contents. What chooses epochs and phases must be neither trained on
/// nor the test examples; a head that is solved alone chooses nothing and keeps all its examples.
void TrainingRun::share_out() {
  roles_ = assign_roles(rows(), report_.recipe, progress_);
  report_.test_origin = roles_.test_origin;
  report_.test_also_learned = roles_.test_also_learned;
  group_names_.assign(roles_.groups.empty() ? 0 : data_.all->size(), "");
  for (std::size_t row = 0; row < roles_.groups.size(); ++row)
    group_names_[readable_.positions[row]] = roles_.groups[row];
  if (!solves_only()) hold_back_validation(roles_, rows(), report_.recipe);
  context_.validation_chooses = !solves_only() && !roles_.validation.empty();
  refits_ = is_to_refit(report_.recipe.training.refit, roles_, phases_, context_.validation_chooses);
  context_.groups = held_together(roles_, rows(), windows_);
  context_.training = windows_.rows_of(positions_of(roles_.train));
  test_ = positions_of(roles_.test);
  context_.validation = context_.validation_chooses ? windows_.rows_of(positions_of(roles_.validation))
                        : solves_only()             ? std::vector<std::size_t>{}
                                                    : windows_.rows_of(test_);
  report_.train_examples = roles_.train.size();
  report_.validation_examples = roles_.validation.size();
  report_.test_examples = test_.size();
  share_out_folds();
  settle_batches();
  report_.recipe.phases = phases_;
  if (context_.validation_chooses) check_validation(roles_, rows());
  RowRoles choosing = roles_;
  if (!folds_.empty()) choosing.validation.insert(choosing.validation.end(), roles_.train.begin(), roles_.train.end());
  const std::string_view chooses = folds_.empty() ? "the validation part has" : "the folds have";
  notice_small_parts(choosing, rows(), context_.validation_chooses ? chooses : "", progress_);
  notice_overlap(roles_, rows(), progress_);
  notice_nearly_learned();
  if (!solves_only() && !context_.validation_chooses)
    progress_.notice(
        fmt::format("no validation {}: the last epoch's weights are kept, and the curves beside those of training are "
                    "of the test part",
                    nouns_of(data_.all->info().inputs)));
  prepare_to_write();
}

void TrainingRun::grow() {
  const Recipe& recipe = report_.recipe;
  const TaskRequest request = task_request(recipe, task_kind());
  const HeadFeatures features = before_head(backbone_.graph, request.head);
  const std::vector<std::size_t> training = positions_of(roles_.train);
  context_.task =
      make_task(recipe.task.kind, {.dataset = *data_.all, .training = training, .features = &features}, request);
  suit_loss();
  report_.task = context_.task->kind().name;
  for (const std::string& note : context_.task->notes({.dataset = *data_.all,
                                                       .training = training,
                                                       .validation = positions_of(roles_.validation),
                                                       .test = test_,
                                                       .preprocessor = *context_.preprocessor,
                                                       .threads = context_.extraction.threads}))
    progress_.notice(note);
  report_.head = summary(context_.task->head());
  const Blueprint head = head_of(*context_.task, backbone_.graph);
  StateDict initial = head_parameters(*context_.task, head, backbone_.graph,
                                      {.seed = recipe.run.random_seed(), .scheme = recipe.head.init});
  const std::vector<std::string> units = context_.task->units();
  if (!units.empty() && !backbone_.units.empty() && !context_.random_weights)
    if (const std::size_t known = keep_known_units(initial, backbone_.graph, backbone_.units, units); known > 0) {
      keeps_units_ = true;
      progress_.notice(fmt::format("the head keeps {} of its {} units, of which the network has known the meaning",
                                   known, units.size()));
    }
  grown_ = graft_head(backbone_.graph, head, initial);
  context_.stages = grown_.stages();
  report_.parameters = trainable_count(grown_);
}

void TrainingRun::run_next() {
  const std::size_t number = state_.finished.size();
  const std::string name = name_of_phase(number);
  state_.notes.resize(std::max(state_.notes.size(), number + 1));
  timings_.begin(solves_only() ? "" : name);
  PhaseRun run{.name = name,
               .new_head = number % phases_.size() == 0 && !keeps_units_,
               .save_seconds = report_.recipe.run.checkpoint_seconds};
  for (std::size_t i = is_refit(number) ? phases_.size() : 0; i < number; ++i)
    run.first_epoch += static_cast<std::uint64_t>(state_.finished[i].epochs);
  if (is_refit(number)) {
    const FinishedPhase& first = state_.finished[number % phases_.size()];
    run.stop_after = first.kept_epoch;
    run.average_of = first.mean ? first.mean->epochs : std::vector<std::int64_t>{};
  }
  run.resume = std::exchange(resume_, std::nullopt);
  run.save = [&](const LoopSnapshot& snapshot) { checkpoints_->save(snapshot, static_cast<std::int64_t>(number)); };
  run.epoch_ended = [&](const PhaseHistory& running) { log_epochs(report_.recipe.output.path, state_, running); };
  run.known_rate = state_.notes[number % phases_.size()].rate;
  if (time_limit_ > 0 && !is_refit(number) && state_.notes[number].epochs == 0)
    run.fit_into_time = [&](Phase& phase, double epoch_seconds) { fit_into_time(number, phase, epoch_seconds); };
  run.rate_found = [&](double rate) {
    state_.notes[number].rate = rate;
    save_checkpoint();
  };
  keep(number, run_phase(with_parameters(grown_, state_.weights), phase_of(number), context_, run, progress_));
}

void TrainingRun::keep(std::size_t number, const PhaseResult& result) {
  learn(state_.weights, result.network);
  if (const std::string& apart = report_.recipe.output.adapter; !apart.empty() && !result.adapters.empty()) {
    const LoraOptions lora = lora_options(phase_of(number));
    write_peft(apart, result.adapters,
               {.network = grown_, .base = backbone_.spec.name, .rank = lora.rank, .alpha = lora.alpha},
               report_.recipe.output.replace || is_refit(number));
  }
  PhaseNotes& notes = state_.notes[number];
  notes.prefix = result.prefix_precision.chosen;
  notes.frozen = result.how;
  notes.precision = result.precision;
  notes.learning_rate = result.learning_rate;
  notes.accumulation_steps = result.accumulation_steps;
  notes.learned_values = static_cast<std::int64_t>(result.learned_values);
  FinishedPhase phase = finished(result.outcome);
  if (!is_refit(number)) {
    phase.score = over_folds(number, phase.score);
    // The last weights of a phase that diverged are no candidates, only its best ones.
    if (phase.score || state_.best.empty() || !is_diverging(phase.history))
      state_.best.offer(static_cast<std::int64_t>(number), phase.score, state_.weights);
  }
  state_.finished.push_back(std::move(phase));
  save_checkpoint();
  report_.computed += result.computed;
  report_.cached += result.cached;
  report_.repaired += result.repaired;
  precisions_[number] = result.prefix_precision;
  if (result.solved) {
    add_solved(report_, *result.solved, result.solver);
    if (solves_only() && result.solved->search_seconds > 0) timings_.add("l2 search", result.solved->search_seconds);
    if (solves_only()) timings_.add("head", result.solved->fit_seconds);
  }
  PhaseReport report = reported(number);
  if (is_refit(number)) return report_.refit.push_back(std::move(report));
  for (const std::string& line : report.summary) {
    const std::string said = fmt::format("{}: {}", report.name, line);
    report.diverged && &line == &report.summary.front() ? progress_.notice(said) : progress_.result(said);
  }
  report_.phases.push_back(std::move(report));
}

/// What has changed since the network was grown.
void TrainingRun::learn(StateDict& weights, const Graph& network) const {
  for (const auto& [name, tensor] : network.parameters) {
    const Tensor& before = grown_.parameters.at(name);
    if (tensor.data() != before.data()) weights.set(name, tensor);
  }
}

/// A diverged phase ends the run, but not without the best weights that there were.
void TrainingRun::keep_diverged(const DivergedError& error) {
  const auto number = static_cast<std::int64_t>(state_.finished.size());
  StateDict weights = state_.weights;
  weights.merge(error.outcome().weights);
  if (error.outcome().kept_epoch > 0) state_.best.offer(number, error.outcome().score, weights);
  if (state_.best.empty()) {
    checkpoints_->remove();
    throw error;
  }
  state_.finished.push_back(finished(error.outcome()));
  report_.phases.push_back(reported(static_cast<std::size_t>(number)));
  report_.phases.back().diverged = true;
  progress_.notice(fmt::format("{} diverged", report_.phases.back().name));
  choose();
  hold_against_start();
  evaluate();
  save();
  ErrorText text = error.text();
  const FinishedPhase& kept = state_.finished.at(winner_);
  text.found +=
      fmt::format("; the model saved at {} has the weights of {}{}", report_.model.string(), name_of_phase(winner_),
                  kept.kept_epoch > 0 ? fmt::format(", epoch {}", kept.kept_epoch) : "");
  throw Error(ErrorKind::diverged, std::move(text));
}

}  // namespace enxerto
