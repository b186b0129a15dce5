#include "enxerto/transfer/run_phase.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/threads.h"
#include "enxerto/base/to_size.h"
#include "enxerto/graph/batch_norm.h"
#include "enxerto/graph/block_dropout.h"
#include "enxerto/graph/cost.h"
#include "enxerto/graph/cut.h"
#include "enxerto/graph/head_stage.h"
#include "enxerto/graph/recurrent_dropout.h"
#include "enxerto/heads/convex_start.h"
#include "enxerto/heads/loss.h"
#include "enxerto/training/forward_evaluation.h"
#include "enxerto/training/monitor.h"
#include "enxerto/training/parameter_groups.h"
#include "enxerto/transfer/carry_states.h"
#include "enxerto/transfer/check_phase.h"
#include "enxerto/transfer/freeze_audit.h"
#include "enxerto/transfer/further_figures.h"
#include "enxerto/transfer/head_scaling.h"
#include "enxerto/transfer/loop_options.h"
#include "enxerto/transfer/phase_cut.h"
#include "enxerto/transfer/phase_lora.h"
#include "enxerto/transfer/phase_sources.h"
#include "enxerto/transfer/phase_steps.h"
#include "enxerto/transfer/phase_targets.h"
#include "enxerto/transfer/side_by_side.h"
#include "enxerto/transfer/train_precision.h"

namespace enxerto {
namespace {

constexpr std::size_t kTrainingSample = 500;  // training examples that are measured after each epoch, for a curve
constexpr std::uint64_t kWordsOfText = 16;    // that a network writes: what it costs counts once for each

/// Steps are as long for any size of gradients.
bool divides_by_gradients(const OptimizerOptions& optimizer) {
  const auto* const row = std::ranges::find(kOptimizers, optimizer.kind, &OptimizerRow::name);
  return row != kOptimizers.end() && row->moments(optimizer).second;
}

/// One phase, a step a function, in the order of `run`.
class PhaseWork {
 public:
  PhaseWork(Graph network, Phase phase, const PhaseContext& context, const PhaseRun& run, Progress& progress)
      : before_(std::move(network)), phase_(std::move(phase)), context_(context), run_(run), progress_(progress) {
    settle_batch_size(phase_, context.training.size(), run.name);
  }

  PhaseResult run() {
    metrics_ =
        epoch_metrics(phase_metrics(context_), context_.task->kind().monitor, phase_.early_stopping.monitor, run_.name);
    renew_norms();
    halves_ = cut_for_phase(before_, phase_.train_from);
    sources_ = phase_sources(halves_.prefix, phase_, context_, progress_);
    if (phase_.solved_exactly()) {
      solve();
      hold_precision_to_loss();
      measure_solution();
    } else {
      train();
    }
    result_.network = with_parameters(before_, result_.outcome.weights);
    audit();
    result_.how = sources_.how;
    result_.prefix_precision = sources_.precision;
    result_.computed += sources_.computed;
    result_.cached += sources_.cached;
    result_.repaired += sources_.repaired;
    return std::move(result_);
  }

 private:
  bool trains_norms() const { return enxerto::trains_norms(phase_, context_.random_weights); }

  /// The policy `recompute`: a step of its own before the cut, because new statistics are new frozen weights, hence
  /// other features.
  void renew_norms() {
    if (phase_.batch_norm != BatchNormPolicy::recompute) return;
    Phase whole = phase_;
    whole.train_from = "all";
    whole.augmentation = {};
    const Halves all = cut_for_phase(before_, "all");
    const PhaseSources examples = phase_sources(all.prefix, whole, context_, progress_);
    const auto trainer = make_trainer(with_loss(all.suffix, context_.task->loss()), trainer_options({}));
    renew_statistics(*trainer, *examples.training, phase_.batch_size, progress_);
    before_ = with_parameters(before_, trainer->parameters());
  }

  bool head_has(std::string_view op) const {
    return std::any_of(halves_.suffix.nodes.begin(), halves_.suffix.nodes.end(),
                       [&](const Node& node) { return node.op == op && node.stage == kHeadStage; });
  }

  /// A head is new, so its batch normalisations have statistics only from training.
  bool head_has_norms() const { return head_has("BatchNormalization"); }

  bool trains_any_norm() const { return trains_norms() || head_has_norms(); }

  TrainerOptions trainer_options(std::vector<ParameterGroup> groups) const {
    return {.threads = context_.extraction.threads,
            .precision = result_.precision,
            .optimizer = phase_.solved_exactly() ? OptimizerOptions{} : optimizer_of(phase_),
            .groups = std::move(groups),
            .norms = trains_norms() ? NormPolicy::train : NormPolicy::frozen,
            .trained_norm_stages =
                head_has_norms() ? std::vector<std::string>{std::string(kHeadStage)} : std::vector<std::string>{},
            .clip_norm = phase_.clip_norm,
            .ema_decay = phase_.ema_decay,
            .seed = context_.settings.random_seed(),
            .device = context_.settings.device};
  }

  Precision train_precision() const {
    const AskedPrecision asked = context_.settings.training_precision;
    if (asked != AskedPrecision::automatic) return asked == AskedPrecision::bf16 ? Precision::bf16 : Precision::fp32;
    return usual_train_precision(halves_.suffix, context_.task->kind().writes ? kWordsOfText : 1);
  }

  Graph adapted(Graph graph) const { return with_lora_of(std::move(graph), phase_, context_.settings.random_seed()); }

  /// With weights of the network as it is without adapters, also where training has diverged.
  PhaseOutcome outcome_of(Trainer& trainer, const PhaseData& data, const LoopOptions& loop) {
    const auto plain_weights = [&](PhaseOutcome outcome) {
      outcome = merged(std::move(outcome), before_, phase_, result_.adapters);
      if (scaling_) outcome.weights = scaling_->folded(std::move(outcome.weights));
      return outcome;
    };
    try {
      return plain_weights(train_phase(trainer, data, loop, progress_));
    } catch (const DivergedError& error) {
      throw DivergedError(error.text(), plain_weights(error.outcome()));
    }
  }

  /// What is trained, behind the cut.
  Graph trained_suffix() {
    if (!divides_by_gradients(phase_.optimizer) || phase_.lora_rank > 0 || context_.further != nullptr)
      return halves_.suffix;
    scaling_ = HeadScaling::of(halves_.suffix, sources_.views, context_.extraction.threads);
    if (!scaling_) return halves_.suffix;
    if (run_.stop_after == 0) progress_.notice(fmt::format("{}: {}", run_.name, scaling_->words()));
    return scaling_->scaled(halves_.suffix, run_.new_head);
  }

  void train() {
    const std::vector<std::string> stages = trained_stages(phase_, context_.stages, run_.name);
    const Graph suffix = adapted(halves_.suffix);
    std::vector<ParameterGroup> groups = parameter_groups(suffix, stages,
                                                          {.layer_decay = phase_.layer_decay,
                                                           .weight_decay = phase_.weight_decay,
                                                           .decay_all = phase_.decay_all,
                                                           .frozen = &halves_.prefix});
    if (phase_.lora_rank > 0) keep_adapters(groups, !context_.task->kind().begins_able());
    result_.learned_values = trained_values(suffix, groups);
    result_.precision = train_precision();
    TrainerOptions options = trainer_options(std::move(groups));
    const Graph recurrent = with_recurrent_dropout(trained_suffix(), phase_.recurrent_dropout);
    Graph learner = with_loss(adapted(with_block_dropout(recurrent, phase_.block_dropout)), context_.task->loss());
    result_.accumulation_steps = split_to_fit(steps(), learner, options, progress_);
    const std::vector<std::size_t> before = carry_states(learner, options, phase_, context_, run_.name, progress_);
    options.side_by_side = parts_side_by_side(options, learner,
                                              {.batch_size = longest_batch(steps()),
                                               .learned_values = result_.learned_values,
                                               .compares_examples = compares_examples()});
    micro_batches_ = result_.accumulation_steps * options.side_by_side;
    const auto trainer = make_trainer(learner, options);
    result_.learning_rate = rate(*trainer);
    if (run_.fit_into_time) run_.fit_into_time(phase_, epoch_seconds(steps(), *trainer, progress_));
    LoopOptions loop = loop_options(phase_);
    loop.name = run_.name;
    loop.accumulation_steps = micro_batches_;
    loop.learning_rate = result_.learning_rate;
    loop.average_of = run_.average_of;
    loop.renews_statistics = trains_norms() && has_batch_norm(halves_.suffix);
    loop.trains_norms = trains_any_norm();
    loop.seed = context_.settings.random_seed();
    loop.first_epoch = run_.first_epoch;
    loop.stop_after = run_.stop_after;
    loop.save = run_.save;
    loop.save_seconds = run_.save_seconds;
    loop.epoch_ended = run_.epoch_ended;
    loop.judge = further_judge(context_, before_, phase_, run_.name);
    if (sources_.validation) loop.training_sample = std::min(kTrainingSample, sources_.validation->size());
    loop.resume = run_.resume;
    if (!context_.validation_chooses) {
      loop.early_stopping.patience = 0;
      loop.early_stopping.restore_best = false;
      loop.validation_decides = false;
      const std::size_t judged = sources_.validation ? sources_.validation->size() + loop.training_sample : 0;
      loop.judged_every = judged_every(loop.epochs, judged, sources_.training->size());
    }
    PhaseData data{.training = *sources_.training,
                   .validation = sources_.validation.get(),
                   .metrics = &metrics_,
                   .before = before,
                   .alike = alike_examples(context_)};
    result_.outcome = outcome_of(*trainer, data, loop);
    if (!context_.validation_chooses) result_.outcome.score.reset();
  }

  bool compares_examples() const { return enxerto::compares_examples(context_.task->loss().kind); }

  PhaseSteps steps() const {
    return {.phase = phase_,
            .name = run_.name,
            .training = *sources_.training,
            .validation = sources_.validation.get(),
            .accumulation_steps = micro_batches_,
            .trains_norms = trains_any_norm(),
            .compares_examples = compares_examples(),
            .seed = context_.settings.random_seed()};
  }

  double rate(Trainer& trainer) {
    if (!phase_.lr_find) return phase_.learning_rate;
    if (run_.known_rate) return *run_.known_rate;
    const FoundRate found = find_rate(steps(), trainer, progress_);
    progress_.result(
        fmt::format("{}: the learning rate finder suggests {:.2g} ({})", run_.name, found.suggestion, found.rule));
    if (run_.rate_found) run_.rate_found(found.suggestion);
    return found.suggestion;
  }

  const ExactSolver& exact_solver() const {
    const Task& task = *context_.task;
    const ExactChoice choice = task.kind().exact_solver(task.head(), task.loss());
    if (choice.solver != nullptr) return *choice.solver;
    refuse_exact(choice.obstacle, run_.name);
  }

  /// Of these examples.
  std::vector<std::size_t> groups(const std::vector<std::size_t>& positions) const {
    std::vector<std::size_t> numbers;
    if (context_.groups.empty()) return numbers;
    for (const std::size_t position : positions) numbers.push_back(context_.groups.at(position));
    return numbers;
  }

  std::size_t head_units() const { return to_size(halves_.suffix.parameters.at("head.weight").shape()[0]); }

  /// A linear head, exactly.
  void solve() {
    if (sources_.views.empty())
      throw usage_error(run_.name + ": optimizer = 'lbfgs'", "its features are not cached as float32: " + sources_.how,
                        "a phase from the head on with rows of fp32 within the cache's budget",
                        R"(cache_dtype = "fp32", a larger cache_budget_gb, or optimizer = "adam")");
    ExactProblem problem{.features = {.width = sources_.views.front().width, .row = {}},
                         .targets = loss_targets(context_, context_.training),
                         .units = head_units(),
                         .groups = groups(context_.training)};
    for (const Rows& view : sources_.views)
      problem.features.row.insert(problem.features.row.end(), view.row.begin(), view.row.end());
    const ExactSolver& solver = exact_solver();
    const ExactHead head = solver.solve(problem,
                                        {.l2 = context_.l2,
                                         .balanced = context_.balanced,
                                         .seed = context_.settings.random_seed(),
                                         .threads = context_.extraction.threads},
                                        progress_);
    result_.solved = head;
    result_.solver = solver.title;
    result_.outcome.weights = linear_head_parameters(head.layer);
    result_.learned_values = 0;
    for (const auto& [name, tensor] : result_.outcome.weights) result_.learned_values += tensor.size();
    result_.outcome.history = {};
    result_.outcome.history.name = run_.name;
    result_.outcome.history.append("loss", head.loss);
    if (!head.converged)
      progress_.notice(fmt::format("the head did not converge within {} iterations", head.iterations));
  }

  /// Plain features of a few training examples.
  Extracted sample_in(Precision precision, const std::vector<std::size_t>& positions) const {
    return extract(*subset(context_.dataset, positions),
                   {.prefix = halves_.prefix,
                    .preprocessor = context_.preprocessor,
                    .precision = precision,
                    .description = sources_.description},
                   context_.extraction, progress_);
  }

  /// The least cross-validated loss of the exact head on these rows; none where they are too few to hold some out.
  std::optional<double> cross_validated_loss(const Rows& rows, const std::vector<std::size_t>& positions) const {
    constexpr std::size_t kPerClass = 5;
    if (positions.size() < kPerClass * context_.dataset->info().target.names.size()) return std::nullopt;
    const ExactHead head = exact_solver().solve({.features = rows,
                                                 .targets = loss_targets(context_, positions),
                                                 .units = head_units(),
                                                 .groups = groups(positions)},
                                                {.balanced = context_.balanced,
                                                 .seed = context_.settings.random_seed(),
                                                 .threads = context_.extraction.threads},
                                                no_progress());
    if (head.trials.empty()) return std::nullopt;
    double least = std::numeric_limits<double>::infinity();
    for (const ExactTrial& trial : head.trials) least = std::min(least, trial.figures.front().second);
    return least;
  }

  /// Where "auto" left it to the loss, that of the head decides. Where bf16 costs accuracy, the phase starts over in
  /// fp32.
  void hold_precision_to_loss() {
    PrefixPrecision& precision = sources_.precision;
    if (precision.requested != AskedPrecision::automatic || precision.chosen == Precision::fp32) return;
    const std::vector<std::size_t>& from = context_.training;
    const std::size_t few = std::clamp<std::size_t>(from.size() / 4, 200, 512);
    std::vector<std::size_t> positions;
    const std::size_t step = std::max<std::size_t>(1, from.size() / few);
    for (std::size_t i = 0; i < from.size() && positions.size() < few; i += step) positions.push_back(from[i]);
    const Extracted bf16 = sample_in(Precision::bf16, positions), fp32 = sample_in(Precision::fp32, positions);
    precision.equal_labels =
        exact_solver().agreement(result_.solved->layer, bf16.rows, fp32.rows, context_.extraction.threads);
    const PrefixPrecision verdict =
        judged(precision, cross_validated_loss(bf16.rows, positions), cross_validated_loss(fp32.rows, positions));
    if (verdict.chosen == Precision::fp32) {
      progress_.notice(verdict.reason + "; extracting again in fp32");
      PhaseContext again = context_;
      again.settings.precision = AskedPrecision::fp32;
      again.ready_precision.reset();
      sources_ = phase_sources(halves_.prefix, phase_, again, progress_);
      solve();
    }
    sources_.precision = verdict;
  }

  void measure_solution() {
    if (sources_.validation == nullptr) return;
    const Graph learner =
        with_loss(with_parameters(halves_.suffix, result_.outcome.weights), plain(context_.task->loss()));
    const double loss = forward_loss(learner, *sources_.validation, metrics_, context_.extraction.threads);
    PhaseHistory& history = result_.outcome.history;
    history.append("val_loss", loss);
    Score score{.monitor = "val_loss", .value = loss};
    for (const MetricValue& figure : metrics_.report().values) {
      const std::string name = "val_" + figure.name;
      history.append(name, figure.value);
      if (name == phase_.early_stopping.monitor)
        score = {.monitor = name, .value = figure.value, .higher_is_better = figure.higher_is_better};
    }
    score.val_loss = loss;
    if (context_.validation_chooses) result_.outcome.score = score;
  }

  /// What was to stay as it was did.
  void audit() const {
    const bool moves = trains_norms();
    const std::vector<std::string> frozen = frozen_tensors(
        before_,
        {.trained_from = phase_.train_from,
         .replaced = head_has_norms() ? std::vector<std::string>{std::string(kHeadStage)} : std::vector<std::string>{},
         .statistics_frozen = !moves});
    require_frozen(before_, result_.network, frozen, run_.name);
  }

  Graph before_;
  Phase phase_;
  const PhaseContext& context_;
  const PhaseRun& run_;
  Progress& progress_;
  Halves halves_;
  PhaseSources sources_;
  MetricSet metrics_;  // what is measured after each epoch
  PhaseResult result_;
  std::optional<HeadScaling> scaling_;  // of the features of the head that is trained
  std::int64_t micro_batches_ = 1;  // of a batch: those that save memory, each in the parts that are computed at once
};

}  // namespace

PhaseResult run_phase(const Graph& network, const Phase& phase, const PhaseContext& context, const PhaseRun& run,
                      Progress& progress) {
  return PhaseWork(network, phase, context, run, progress).run();
}

bool trains_norms(const Phase& phase, bool random_weights) {
  return phase.batch_norm == BatchNormPolicy::train ||
         (phase.batch_norm == BatchNormPolicy::automatic && random_weights);
}

Graph with_parameters(Graph network, const StateDict& parameters) {
  for (const auto& [name, tensor] : parameters) {
    if (network.parameters.contains(name)) network.parameters.set(name, tensor);
  }
  return network;
}

}  // namespace enxerto
