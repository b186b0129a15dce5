#include "enxerto/workflow/training_run.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/threads.h"
#include "enxerto/bundle/bundle.h"
#include "enxerto/graph/fold_shapes.h"
#include "enxerto/graph/initial_parameters.h"
#include "enxerto/training/check_examples.h"
#include "enxerto/training/monitor.h"
#include "enxerto/transfer/freeze_audit.h"
#include "enxerto/transfer/graft.h"
#include "enxerto/workflow/extraction.h"
#include "enxerto/workflow/golden.h"
#include "enxerto/workflow/identify_run.h"
#include "enxerto/workflow/network_metrics.h"
#include "enxerto/workflow/plain_report.h"
#include "enxerto/workflow/resolve_phases.h"
#include "enxerto/workflow/saved_model.h"
#include "enxerto/workflow/task_request.h"

namespace enxerto {
namespace {

/// Numbers of the classes of examples, where they have one each.
std::vector<std::int64_t> strata_of(const Dataset& dataset, std::span<const std::size_t> positions) {
  std::vector<std::int64_t> strata;
  strata.reserve(positions.size());
  for (const std::size_t position : positions) strata.push_back(stratum_of(dataset, position));
  return strata;
}

}  // namespace

TrainingRun::TrainingRun(const Recipe& recipe, Progress& progress) : progress_(progress, report_.warnings) {
  report_.recipe = recipe;
}

TrainReport TrainingRun::run() {
  check(report_.recipe);
  require_free_output(report_.recipe.output);
  open();
  plan();
  read();
  share_out();
  grow();
  open_checkpoints();
  try {
    while (state_.finished.size() < phases_.size()) run_next();
  } catch (const DivergedError& error) {
    keep_diverged(error);
  }
  choose();
  evaluate();
  save();
  return std::move(report_);
}

void TrainingRun::open() {
  timings_.begin("open");
  Recipe& recipe = report_.recipe;
  recipe.run.threads = resolve_threads(static_cast<int>(recipe.run.threads));
  if (recipe.training.preset == "scratch" && recipe.backbone.weights.empty()) recipe.backbone.weights = "random";
  data_ = open_training_data(recipe.data, progress_);
  report_.data_format = data_.format;
  report_.classes = data_.all->info().target.names;
  backbone_ = load_backbone(recipe.backbone.name, {.weights = recipe.backbone.weights,
                                                   .size = static_cast<int>(recipe.input.size),
                                                   .seed = recipe.run.random_seed()});
  for (const std::string& note : backbone_.notes) progress_.notice(note);
  report_.backbone = backbone_.spec.name;
  report_.weights = backbone_.weights_file;
  context_.preprocessor = resolved_preprocessor(*backbone_.spec.preprocessor, recipe.input);
  recipe.input.size = input_size(*context_.preprocessor);
  context_.extraction = extract_options(recipe);
  context_.dataset = data_.all;
}

/// The phases: known before anything is computed.
void TrainingRun::plan() {
  Recipe& recipe = report_.recipe;
  std::vector<std::string> stages = backbone_.graph.stages();
  if (stages.empty() || stages.back() != kHeadStage) stages.emplace_back(kHeadStage);
  const TaskKind& kind = task_kind_for(recipe.task.kind, data_.all->info());
  phases_ = resolve_phases(recipe, stages, kind.exact_solver(task_request(recipe).head) != ExactSolver::none);
  recipe.phases = phases_;
  recipe.training.preset.clear();
}

bool TrainingRun::solves_only() const { return phases_.size() == 1 && phases_.front().solved_exactly(); }

FeatureSource TrainingRun::frozen_source() const {
  FeatureSource source{.prefix = frozen_part(backbone_.graph, report_.recipe.head.pool),
                       .preprocessor = context_.preprocessor,
                       .storage = dtype_of_cache(context_.settings.cache.dtype)};
  source.description = description(kHeadStage);
  return source;
}

/// Of cached values before a stage.
std::string TrainingRun::description(std::string_view stage) const {
  return fmt::format("{} before {}, {}", report_.backbone, stage, context_.preprocessor->summary());
}

/// Where the first phase is frozen up to its head, its features of all examples are what reads them.
bool TrainingRun::extract_to_read() {
  const Phase& first = phases_.front();
  if (first.train_from != kHeadStage || first.batch_norm == BatchNormPolicy::recompute ||
      !context_.preprocessor->random_changes(first.augmentation).empty())
    return false;
  FeatureSource source = frozen_source();
  if (feature_bytes(source, *data_.all, data_.all->size(), 1) > context_.settings.cache.budget_bytes()) return false;
  timings_.begin("precision");
  context_.ready_precision =
      resolve_precision(context_.settings.precision, source, *data_.all, context_.extraction, progress_);
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
  if (extract_to_read()) return;
  timings_.begin("read");
  readable_ = readable_examples(*data_.all, *context_.preprocessor, context_.extraction, report_.skipped, progress_);
}

/// Which example is for what: by the examples' contents.
void TrainingRun::share_out() {
  roles_ = assign_roles(data_, report_.recipe, readable_.positions, readable_.contents, progress_);
  report_.test_origin = roles_.test_origin;
  hold_back_validation();
  context_.training = positions_of(roles_.train);
  test_ = positions_of(roles_.test);
  context_.validation = context_.validation_chooses ? positions_of(roles_.validation)
                        : solves_only()             ? std::vector<std::size_t>{}
                                                    : test_;
  report_.train_examples = context_.training.size();
  report_.validation_examples = roles_.validation.size();
  report_.test_examples = test_.size();
}

/// What chooses epochs and phases must be neither trained on nor the test examples; a head that is solved alone chooses
/// nothing and keeps all its examples.
void TrainingRun::hold_back_validation() {
  const Recipe::Data& data = report_.recipe.data;
  context_.validation_chooses = false;
  if (solves_only()) return;
  if (roles_.validation.empty() && data.validation_split > 0) {
    roles_.validation = split_off(
        roles_.train, {.dataset = *data_.all, .positions = readable_.positions, .contents = readable_.contents},
        {.held_out = data.validation_split, .seed = report_.recipe.run.random_seed() + 1});
  }
  context_.validation_chooses = !roles_.validation.empty();
  if (!context_.validation_chooses)
    progress_.notice(
        fmt::format("no validation {}: the last epoch's weights are kept, the curve is that of the test part",
                    nouns_of(data_.all->info().inputs)));
}

void TrainingRun::grow() {
  const Recipe& recipe = report_.recipe;
  context_.task =
      make_task(recipe.task.kind, {.dataset = *data_.all, .training = context_.training}, task_request(recipe));
  report_.task = context_.task->kind().name;
  report_.head = summary(context_.task->head());
  if (context_.validation_chooses) {
    const std::vector<std::int64_t> strata = strata_of(*data_.all, context_.validation);
    if (std::ranges::none_of(strata, [](std::int64_t stratum) { return stratum < 0; }))
      check_validation_labels(strata, report_.classes,
                              fmt::format("validation {}", nouns_of(data_.all->info().inputs)));
  }
  const Blueprint head = head_network(context_.task->head(), before_head(backbone_.graph), context_.task->width());
  const StateDict initial = initial_parameters(head, {.seed = recipe.run.random_seed(), .scheme = recipe.head.init});
  grown_ = graft_head(backbone_.graph, head, initial);
  context_.stages = grown_.stages();
  const MetricsReport measured = MetricSet(context_.task->metrics()).report();
  for (std::size_t i = 0; i < phases_.size(); ++i)
    (void)higher_is_better(phases_[i].early_stopping.monitor, measured, name_of_phase(i));
}

void TrainingRun::open_checkpoints() {
  if (solves_only()) return;
  const RunIdentity identity = identify({.network = grown_,
                                         .recipe = report_.recipe,
                                         .classes = report_.classes,
                                         .training = context_.training,
                                         .validation = context_.validation,
                                         .contents = readable_.contents});
  checkpoints_ = std::make_unique<CheckpointFolder>(CheckpointFolder::beside(report_.recipe.output.path), identity,
                                                    report_.recipe.resume, progress_);
  if (checkpoints_->found()) {
    state_ = checkpoints_->found()->run;
    resume_ = checkpoints_->found()->running;
    for (std::size_t i = 0; i < state_.finished.size(); ++i) report_.phases.push_back(reported(i));
  } else {
    checkpoints_->save(state_);
  }
}

void TrainingRun::save_checkpoint() {
  if (checkpoints_) checkpoints_->save(state_);
}

std::string TrainingRun::name_of_phase(std::size_t number) const {
  return fmt::format("phase {} ({})", number + 1, phases_[number].train_from);
}

PhaseReport TrainingRun::reported(std::size_t number) const {
  return plain(state_.finished[number], name_of_phase(number), phases_[number]);
}

void TrainingRun::run_next() {
  const std::size_t number = state_.finished.size();
  const std::string name = name_of_phase(number);
  state_.notes.resize(std::max(state_.notes.size(), number + 1));
  timings_.begin(solves_only() ? "" : name);
  PhaseRun run{.name = name, .save_seconds = report_.recipe.run.checkpoint_seconds};
  for (const FinishedPhase& finished : state_.finished) run.first_epoch += static_cast<std::uint64_t>(finished.epochs);
  run.resume = std::exchange(resume_, std::nullopt);
  run.save = [&](const LoopSnapshot& snapshot) { checkpoints_->save(snapshot, static_cast<std::int64_t>(number)); };
  run.known_rate = state_.notes[number].rate;
  run.rate_found = [&](double rate) {
    state_.notes[number].rate = rate;
    save_checkpoint();
  };
  keep(number, run_phase(with_parameters(grown_, state_.weights), phases_[number], context_, run, progress_));
}

void TrainingRun::keep(std::size_t number, const PhaseResult& result) {
  for (const auto& [name, tensor] : result.network.parameters) {
    const Tensor& before = grown_.parameters.at(name);
    if (tensor.data() != before.data()) state_.weights.set(name, tensor);
  }
  state_.best.offer(static_cast<std::int64_t>(number), result.outcome.score, state_.weights);
  state_.finished.push_back(finished(result.outcome));
  state_.notes[number].prefix = result.prefix_precision.chosen;
  save_checkpoint();
  report_.computed += result.computed;
  report_.cached += result.cached;
  report_.repaired += result.repaired;
  precisions_[number] = result.prefix_precision;
  if (result.probe) {
    add_probe(report_, *result.probe);
    if (solves_only() && result.probe->search) timings_.add("l2 search", result.probe->search_seconds);
    if (solves_only()) timings_.add("head", result.probe->fit_seconds);
  }
  PhaseReport report = reported(number);
  report.frozen = result.how;
  report.prefix_precision = name_of(result.prefix_precision.chosen);
  report.precision = name_of(result.precision);
  report.learning_rate = result.learning_rate;
  report.accumulation_steps = result.accumulation_steps;
  report.learned_values = result.learned_values;
  for (const std::string& line : report.summary) progress_.result(fmt::format("{}: {}", report.name, line));
  report_.phases.push_back(std::move(report));
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
  progress_.notice(fmt::format("{} diverged", report_.phases.back().name));
  choose();
  evaluate();
  save();
  ErrorText text = error.text();
  text.found += fmt::format("; the best weights were saved at {}", report_.model.string());
  throw Error(ErrorKind::diverged, std::move(text));
}

/// The finish is never worse on validation than the best phase.
void TrainingRun::choose() {
  winner_ = static_cast<std::size_t>(state_.best.phase());
  network_ = with_parameters(grown_, state_.best.weights());
  report_.phases.at(winner_).best = true;
  if (phases_.size() > 1) {
    const std::optional<Score>& last = state_.finished.back().score;
    progress_.result(
        state_.best.summary(phases_[winner_].train_from, static_cast<std::int64_t>(state_.finished.size()) - 1, last));
  }
  network_ = context_.task->finished(network_);
}

void TrainingRun::evaluate() {
  timings_.begin("evaluate");
  PrefixPrecision precision;
  if (const auto known = precisions_.find(winner_); known != precisions_.end()) precision = known->second;
  if (precision.reason.empty())
    precision.reason = precisions_.contains(winner_) ? "nothing is frozen" : "as before the interruption";
  precision.requested = report_.recipe.run.precision;
  precision.chosen = state_.notes.at(winner_).prefix;
  report_.precision = plain(precision);
  FeatureSource source{.preprocessor = context_.preprocessor, .precision = precision.chosen};
  source.description = description(phases_[winner_].train_from);
  const MeasuredNetwork measured{.network = network_,
                                 .cut = phases_[winner_].train_from,
                                 .source = std::move(source),
                                 .task = *context_.task,
                                 .ready = context_.ready};
  const auto metrics_of = [&](const std::vector<std::size_t>& positions) {
    return network_metrics(measured, data_.all, positions, context_.extraction, progress_).metrics;
  };
  report_.test = metrics_of(test_);
  if (!roles_.validation.empty()) report_.validation = metrics_of(positions_of(roles_.validation));
}

void TrainingRun::save() {
  timings_.begin("save");
  Graph saved = without_training_nodes(network_);
  keep_answer(saved);
  saved = without_dead_nodes(saved);
  const std::string& cut = phases_[winner_].train_from;
  TensorMap golden = golden_tensors(
      data_.all, golden_positions(*data_.all, test_),
      {.network = saved, .cut = cut, .preprocessor = context_.preprocessor, .description = description(cut)},
      context_.extraction);
  audit(saved, golden);
  report_.seconds = timings_.rows();
  const Bundle bundle = make_bundle({.backbone = backbone_,
                                     .preprocessor = context_.preprocessor,
                                     .graph = saved,
                                     .cut = cut,
                                     .task = *context_.task},
                                    std::move(golden), report_);
  write_bundle(bundle, report_.recipe.output.path, report_.recipe.output.replace);
  if (checkpoints_) checkpoints_->remove();
  report_.model = report_.recipe.output.path;
  timings_.end();
  report_.seconds = timings_.rows();
}

/// What stayed frozen in every phase is, in the saved network, what the weight file had.
void TrainingRun::audit(const Graph& saved, const TensorMap& golden) const {
  const auto place = [&](const Phase& phase) {
    const auto found = std::ranges::find(context_.stages, phase.train_from);
    return found == context_.stages.end() ? 0 : found - context_.stages.begin();
  };
  const auto lowest = std::ranges::min_element(phases_, {}, place);
  const bool recompute =
      std::ranges::any_of(phases_, [](const Phase& phase) { return phase.batch_norm == BatchNormPolicy::recompute; });
  const bool moved = recompute || std::ranges::any_of(phases_, [&](const Phase& phase) {
                       return trains_norms(phase, context_.random_weights);
                     });
  // New statistics were asked for everywhere, so only what is no statistic can be held against the file.
  const std::string trained_from = recompute || place(*lowest) == 0 ? "all" : lowest->train_from;
  const auto frozen = frozen_tensors(
      backbone_.graph,
      {.trained_from = trained_from, .replaced = {std::string(kHeadStage)}, .statistics_frozen = !moved});
  if (!frozen.empty()) require_frozen(backbone_.graph, saved, frozen, report_.recipe.output.path);
  // A head that was solved is run behind its prefix by the goldens already.
  if (place(*lowest) == 0 || solves_only()) return;
  TensorMap inputs;
  for (const Value& input : saved.inputs) inputs.set(input.name, golden.at("input/" + input.name));
  require_halves(saved, lowest->train_from, inputs, report_.recipe.output.path);
}

std::vector<std::size_t> TrainingRun::positions_of(const std::vector<std::size_t>& rows) const {
  std::vector<std::size_t> positions;
  positions.reserve(rows.size());
  for (const std::size_t row : rows) positions.push_back(readable_.positions[row]);
  return positions;
}

}  // namespace enxerto
