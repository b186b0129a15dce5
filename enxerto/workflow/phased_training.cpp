#include "enxerto/workflow/phased_training.h"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/hash.h"
#include "enxerto/base/threads.h"
#include "enxerto/bundle/bundle.h"
#include "enxerto/data/csv.h"
#include "enxerto/graph/fold_shapes.h"
#include "enxerto/graph/initial_parameters.h"
#include "enxerto/pretrained/load_backbone.h"
#include "enxerto/report/curve_words.h"
#include "enxerto/tasks/image_classification.h"
#include "enxerto/tasks/task_metrics.h"
#include "enxerto/training/check_examples.h"
#include "enxerto/training/monitor.h"
#include "enxerto/transfer/freeze_audit.h"
#include "enxerto/transfer/graft.h"
#include "enxerto/transfer/run_phase.h"
#include "enxerto/workflow/extraction.h"
#include "enxerto/workflow/golden.h"
#include "enxerto/workflow/identify_run.h"
#include "enxerto/workflow/network_head.h"
#include "enxerto/workflow/network_metrics.h"
#include "enxerto/workflow/readable_examples.h"
#include "enxerto/workflow/recorded_notices.h"
#include "enxerto/workflow/resolve_phases.h"
#include "enxerto/workflow/saved_model.h"
#include "enxerto/workflow/training_data.h"

namespace enxerto {
namespace {

/// One run, a step a function, in the order of `run`.
class PhasedRun {
 public:
  PhasedRun(const Recipe& recipe, Progress& progress) : progress_(progress, report_.warnings) {
    report_.recipe = recipe;
  }

  TrainReport run() {
    check(report_.recipe);
    require_free_output(report_.recipe.output);
    open();
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

 private:
  void open() {
    report_.timings.begin("open");
    Recipe& recipe = report_.recipe;
    recipe.run.threads = resolve_threads(static_cast<int>(recipe.run.threads));
    if (recipe.training.preset == "scratch" && recipe.backbone.weights.empty()) recipe.backbone.weights = "random";
    data_ = open_training_data(recipe.data, progress_);
    report_.data_format = data_.format;
    report_.classes = data_.all->info().target.names;
    backbone_ = load_backbone(recipe.backbone.name, {.weights = recipe.backbone.weights,
                                                     .size = static_cast<int>(recipe.input.size),
                                                     .seed = recipe.run.random_seed()});
    report_.backbone = backbone_.spec.name;
    report_.weights = backbone_.weights_file;
    context_.preprocessor = resolved_preprocessor(*backbone_.spec.preprocessor, recipe.input);
    recipe.input.size = input_size(*context_.preprocessor);
    context_.extraction = extract_options(recipe);
  }

  /// Which picture is for what: known before anything is computed, by the pictures' contents.
  void share_out() {
    report_.timings.begin("read");
    readable_ = readable_examples(*data_.all, *context_.preprocessor, context_.extraction, report_.skipped, progress_);
    roles_ = assign_roles(data_, report_.recipe, readable_.positions, readable_.contents, progress_);
    report_.test_origin = roles_.test_origin;
    hold_back_validation();
    context_.dataset = data_.all;
    context_.training = positions_of(roles_.train);
    context_.validation = positions_of(context_.validation_chooses ? roles_.validation : roles_.test);
    test_ = positions_of(roles_.test);
    report_.train_examples = context_.training.size();
    report_.validation_examples = roles_.validation.size();
    report_.test_examples = test_.size();
  }

  /// What chooses epochs and phases must be neither trained on nor the test pictures.
  void hold_back_validation() {
    const Recipe::Data& data = report_.recipe.data;
    if (roles_.validation.empty() && data.validation_split > 0) {
      roles_.validation = split_off(
          roles_.train, {.dataset = *data_.all, .positions = readable_.positions, .contents = readable_.contents},
          {.held_out = data.validation_split, .seed = report_.recipe.run.random_seed() + 1});
    }
    context_.validation_chooses = !roles_.validation.empty();
    if (!context_.validation_chooses)
      progress_.notice("no validation pictures: the last epoch's weights are kept, the curve is that of the test part");
  }

  void grow() {
    const Recipe& recipe = report_.recipe;
    plan_ = plan_head(recipe, *data_.all, context_.training);
    report_.task = plan_.task->name;
    report_.head = plan_.summary();
    if (context_.validation_chooses && plan_.task->targets == kClassTarget)
      check_validation_labels(labels_of(context_.validation), report_.classes, "validation pictures");
    const Blueprint head =
        head_network(plan_.head, before_head(backbone_.graph), static_cast<std::int64_t>(report_.classes.size()));
    const StateDict initial = initial_parameters(head, {.seed = recipe.run.random_seed(), .scheme = recipe.head.init});
    grown_ = graft_head(backbone_.graph, head, initial);
    context_.stages = grown_.stages();
    phases_ = resolve_phases(recipe, context_.stages, plan_.is_linear());
    report_.recipe.phases = phases_;
    report_.recipe.training.preset.clear();
    fill_context();
  }

  void fill_context() {
    const Recipe& recipe = report_.recipe;
    context_.loss = plan_.loss;
    context_.targets = [this](std::span<const std::size_t> positions) {
      return targets_for(plan_, *data_.all, positions);
    };
    context_.metrics = [this] { return metrics_for(*plan_.task, report_.classes); };
    context_.figure = plan_.task->monitor;
    const MetricsReport measured = MetricSet(context_.metrics()).report();
    for (std::size_t i = 0; i < phases_.size(); ++i)
      (void)higher_is_better(phases_[i].early_stopping.monitor, measured, name_of_phase(i));
    context_.l2 = recipe.head.l2;
    context_.balanced = recipe.head.class_weights == ClassWeights::balanced;
    context_.settings = recipe.run;
    context_.random_weights = recipe.backbone.weights == "random";
  }

  void open_checkpoints() {
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

  std::string name_of_phase(std::size_t number) const {
    return fmt::format("phase {} ({})", number + 1, phases_[number].train_from);
  }

  PhaseReport reported(std::size_t number) const {
    PhaseReport report;
    report.name = name_of_phase(number);
    report.phase = phases_[number];
    report.finished = state_.finished[number];
    report.summary = curve_words(report.finished.history);
    return report;
  }

  void run_next() {
    const std::size_t number = state_.finished.size();
    const std::string name = name_of_phase(number), rate_note = fmt::format("rate of phase {}", number + 1);
    report_.timings.begin(name);
    PhaseRun run{.name = name, .save_seconds = report_.recipe.run.checkpoint_seconds};
    for (const FinishedPhase& finished : state_.finished)
      run.first_epoch += static_cast<std::uint64_t>(finished.epochs);
    run.resume = std::exchange(resume_, std::nullopt);
    run.save = [&](const LoopSnapshot& snapshot) { checkpoints_->save(snapshot, static_cast<std::int64_t>(number)); };
    if (const auto note = state_.notes.find(rate_note); note != state_.notes.end())
      run.known_rate = std::stod(note->second);
    run.rate_found = [&](double rate) {
      state_.notes[rate_note] = fmt::format("{}", rate);
      checkpoints_->save(state_);
    };
    const PhaseResult result =
        run_phase(with_parameters(grown_, state_.weights), phases_[number], context_, run, progress_);
    keep(number, result);
  }

  void keep(std::size_t number, const PhaseResult& result) {
    for (const auto& [name, tensor] : result.network.parameters) {
      const Tensor& before = grown_.parameters.at(name);
      if (tensor.data() != before.data()) state_.weights.set(name, tensor);
    }
    state_.best.offer(static_cast<std::int64_t>(number), result.outcome.score, state_.weights);
    state_.finished.push_back(finished(result.outcome));
    state_.finished.back().name = name_of_phase(number);
    state_.notes[fmt::format("precision of phase {}", number + 1)] = name_of(result.prefix_precision.chosen);
    checkpoints_->save(state_);
    report_.computed += result.computed;
    report_.cached += result.cached;
    report_.repaired += result.repaired;
    precisions_[number] = result.prefix_precision;
    if (result.probe) {
      report_.l2 = result.probe->l2;
      report_.search = result.probe->search;
      report_.iterations = result.probe->fit.iterations;
      report_.converged = result.probe->fit.converged;
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
  [[noreturn]] void keep_diverged(const DivergedError& error) {
    const auto number = static_cast<std::int64_t>(state_.finished.size());
    StateDict weights = state_.weights;
    for (const auto& [name, tensor] : error.outcome().weights) weights.set(name, tensor);
    if (error.outcome().kept_epoch > 0) state_.best.offer(number, error.outcome().score, weights);
    if (state_.best.empty()) {
      checkpoints_->remove();
      throw error;
    }
    state_.finished.push_back(finished(error.outcome()));
    state_.finished.back().name = name_of_phase(static_cast<std::size_t>(number));
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
  void choose() {
    winner_ = static_cast<std::size_t>(state_.best.phase());
    network_ = with_parameters(grown_, state_.best.weights());
    report_.phases.at(winner_).best = true;
    if (phases_.size() > 1) {
      const std::optional<Score>& last = state_.finished.back().score;
      progress_.result(state_.best.summary(phases_[winner_].train_from,
                                           static_cast<std::int64_t>(state_.finished.size()) - 1, last));
    }
    if (plan_.task->targets == kRegressionTarget) network_ = answering_in_units(network_, plan_.scaling);
  }

  void evaluate() {
    report_.timings.begin("evaluate");
    const bool bf16 = state_.notes[fmt::format("precision of phase {}", winner_ + 1)] == name_of(Precision::bf16);
    if (const auto known = precisions_.find(winner_); known != precisions_.end()) report_.precision = known->second;
    if (report_.precision.reason.empty())
      report_.precision.reason = precisions_.contains(winner_) ? "nothing is frozen" : "as before it was stopped";
    report_.precision.requested = report_.recipe.run.precision;
    FeatureSource source;
    source.preprocessor = context_.preprocessor;
    source.precision = bf16 ? Precision::bf16 : Precision::fp32;
    const MeasuredNetwork measured{.network = network_,
                                   .cut = phases_[winner_].train_from,
                                   .source = std::move(source),
                                   .task = *plan_.task,
                                   .baseline = plan_.scaling.mean};
    report_.precision.chosen = measured.source.precision;
    const auto metrics_of = [&](const std::vector<std::size_t>& positions) {
      return network_metrics(measured, *subset(data_.all, positions), context_.extraction, progress_).metrics;
    };
    report_.test = metrics_of(test_);
    if (context_.validation_chooses) report_.validation = metrics_of(context_.validation);
  }

  void save() {
    report_.timings.begin("save");
    Graph saved = without_training_nodes(network_);
    std::erase_if(saved.outputs, [](const Value& value) { return value.name != image_classification::kOutput; });
    saved = without_dead_nodes(saved);
    Extracted chosen;
    chosen.positions = readable_.positions;
    const auto positions = golden_positions(*data_.all, chosen, roles_.test);
    TensorMap golden = golden_tensors(data_.all, positions, saved, context_.preprocessor, context_.extraction);
    audit(saved, golden);
    const Bundle bundle = make_bundle({.backbone = backbone_,
                                       .preprocessor = context_.preprocessor,
                                       .graph = saved,
                                       .cut = phases_[winner_].train_from},
                                      std::move(golden), report_);
    write_bundle(bundle, report_.recipe.output.path, report_.recipe.output.replace);
    checkpoints_->remove();
    report_.model = report_.recipe.output.path;
    report_.timings.end();
  }

  /// What stayed frozen in every phase is, in the saved network, what the weight file had.
  void audit(const Graph& saved, const TensorMap& golden) const {
    const auto place = [&](const Phase& phase) {
      const auto found = std::find(context_.stages.begin(), context_.stages.end(), phase.train_from);
      return found == context_.stages.end() ? 0 : found - context_.stages.begin();
    };
    const auto lowest = std::min_element(phases_.begin(), phases_.end(),
                                         [&](const Phase& a, const Phase& b) { return place(a) < place(b); });
    const bool recompute = std::any_of(phases_.begin(), phases_.end(), [](const Phase& phase) {
      return phase.batch_norm == BatchNormPolicy::recompute;
    });
    const bool moved = recompute || std::any_of(phases_.begin(), phases_.end(), [&](const Phase& phase) {
                         return trains_norms(phase, context_.random_weights);
                       });
    // New statistics were asked for everywhere, so only what is no statistic can be held against the file.
    const std::string trained_from = recompute ? "all" : place(*lowest) == 0 ? "all" : lowest->train_from;
    const auto frozen = frozen_tensors(
        backbone_.graph, {.trained_from = trained_from, .replaced = {"head"}, .statistics_frozen = !moved});
    if (!frozen.empty()) require_frozen(backbone_.graph, saved, frozen, report_.recipe.output.path);
    if (place(*lowest) == 0) return;
    TensorMap inputs;
    for (const Value& input : saved.inputs) inputs.set(input.name, golden.at("input/" + input.name));
    require_halves(saved, lowest->train_from, inputs, report_.recipe.output.path);
  }

  std::vector<std::size_t> positions_of(const std::vector<std::size_t>& rows) const {
    std::vector<std::size_t> positions;
    positions.reserve(rows.size());
    for (const std::size_t row : rows) positions.push_back(readable_.positions[row]);
    return positions;
  }

  std::vector<std::int64_t> labels_of(std::span<const std::size_t> positions) const {
    std::vector<std::int64_t> labels;
    labels.reserve(positions.size());
    for (const std::size_t position : positions) labels.push_back(class_number(data_.all->target(position)));
    return labels;
  }

  TrainReport report_;
  RecordedNotices progress_;
  TrainingData data_;
  Backbone backbone_;
  ReadableExamples readable_;
  RowRoles roles_;
  std::vector<std::size_t> test_;
  PhaseContext context_;
  HeadPlan plan_;
  std::vector<Phase> phases_;
  Graph grown_, network_;  // before training, and as it is saved
  std::unique_ptr<CheckpointFolder> checkpoints_;
  RunState state_;
  std::map<std::size_t, PrefixPrecision> precisions_;  // of the frozen parts, by phase
  std::optional<LoopSnapshot> resume_;
  std::size_t winner_ = 0;
};

}  // namespace

bool trains_in_phases(const Recipe& recipe) {
  const Recipe::Head plain;
  const Recipe::Training& training = recipe.training;
  const bool own_head = !recipe.head.hidden.empty() || recipe.head.pool != plain.pool || recipe.head.dropout > 0 ||
                        recipe.head.output != plain.output;
  return !recipe.phases.empty() || own_head || !training.preset.empty() || !training.train_from.empty() ||
         !training.optimizer.empty() || training.epochs > 0 || recipe.backbone.weights == "random" ||
         recipe.loss.kind != "auto" || recipe.resume || is_table_name(recipe.data.path);
}

TrainReport train_in_phases(const Recipe& recipe, Progress& progress) { return PhasedRun(recipe, progress).run(); }

}  // namespace enxerto
