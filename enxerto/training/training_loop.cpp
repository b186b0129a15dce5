#include "enxerto/training/training_loop.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/quantity.h"
#include "enxerto/base/rng.h"
#include "enxerto/base/stopwatch.h"
#include "enxerto/base/to_size.h"
#include "enxerto/metrics/interval.h"
#include "enxerto/training/batch_prefetch.h"
#include "enxerto/training/check_loop.h"
#include "enxerto/training/epoch_average.h"
#include "enxerto/training/epoch_figures.h"
#include "enxerto/training/epoch_table.h"
#include "enxerto/training/evaluate_source.h"
#include "enxerto/training/monitor.h"
#include "enxerto/training/step_health.h"

namespace enxerto {
namespace {

MetricsReport report_of(const MetricSet* metrics) { return metrics == nullptr ? MetricsReport{} : metrics->report(); }

class PhaseLoop {
 public:
  PhaseLoop(Trainer& trainer, const PhaseData& data, const LoopOptions& options, Progress& progress)
      : trainer_(trainer),
        data_(data),
        options_(options),
        progress_(progress),
        batches_{.examples = data.training.size(),
                 .batch_size = options.batch_size,
                 .accumulation_steps = options.accumulation_steps,
                 .batch_tokens = options.batch_tokens,
                 .most_steps = options.steps_per_epoch,
                 .no_singles = options.trains_norms,
                 .seed = options.seed,
                 .lengths = batch_lengths(data.training, options.batch_tokens, name_of(options)),
                 .before = data.before,
                 .alike = data.alike},
        steps_(steps_per_epoch(batches_)),
        schedule_(options.schedule, {.steps_per_epoch = steps_, .epochs = options.epochs}),
        table_(last_epoch(), report_of(data.metrics)),
        stopping_(options.early_stopping,
                  higher_is_better(options.early_stopping.monitor, report_of(data.metrics), name_of(options))),
        chooses_(options.early_stopping.monitor == "loss" || has_validation()),
        average_({.epochs = options.average_epochs,
                  .chosen = options.average_of,
                  .by_value = keeps_best(),
                  .higher_is_better = stopping_.higher_is_better()}) {
    state_.history.name = options.name;
    if (options.resume) go_on(*options.resume);
  }

  PhaseOutcome run() {
    while (state_.epoch < last_epoch() && !stopped_early()) {
      epoch_watch_.restart();
      train_epoch();
      end_epoch();
    }
    if (average_.has_mean()) judge_mean();
    if (mean_) return outcome();
    if (keeps_best() && !best_.empty() && !options_.averaged) trainer_.set_parameters(best_);
    return outcome();
  }

 private:
  std::int64_t last_epoch() const {
    return options_.stop_after > 0 ? std::min(options_.stop_after, options_.epochs) : options_.epochs;
  }
  bool has_validation() const { return data_.validation != nullptr && data_.validation->size() > 0; }
  bool keeps_best() const { return chooses_ && options_.early_stopping.restore_best; }
  bool stopped_early() const { return chooses_ && stopping_.should_stop(); }
  std::uint64_t drawn_epoch() const { return options_.first_epoch + static_cast<std::uint64_t>(state_.epoch); }

  void go_on(const LoopSnapshot& snapshot) {
    trainer_.restore(snapshot.trainer);
    state_ = snapshot.state;
    best_ = snapshot.best;
    schedule_.restore(state_.plateau);
    stopping_.restore(state_.stopping);
    average_.restore(state_.kept);
    earlier_seconds_ = state_.seconds;
  }

  void train_epoch() {
    progress_.begin(fmt::format("epoch {} of {}", state_.epoch + 1, last_epoch()), static_cast<std::size_t>(steps_));
    if (state_.step > 0) progress_.advance(static_cast<std::size_t>(state_.step));
    BatchPrefetch batches(data_.training, epoch_batches(batches_, drawn_epoch()), drawn_epoch(),
                          static_cast<std::size_t>(state_.step));
    while (state_.step < steps_) {
      std::vector<TrainBatch> micro_batches = batches.next();
      mark_continuing(micro_batches, batches.batches());
      make_step(batches.batches()[static_cast<std::size_t>(state_.step)], micro_batches);
      progress_.advance(1);
      stop_if_cancelled();
      if (options_.save && since_save_.seconds() >= options_.save_seconds) save();
    }
  }

  /// The states of the first step of an epoch are those of nothing.
  void mark_continuing(std::vector<TrainBatch>& micro_batches, const std::vector<MicroBatches>& all) const {
    if (batches_.before.empty()) return;
    const auto step = static_cast<std::size_t>(state_.step);
    const std::vector<std::uint8_t> flags =
        continuing(all[step], step > 0 ? all[step - 1] : MicroBatches{}, batches_.before);
    auto flag = flags.begin();
    for (TrainBatch& micro_batch : micro_batches) {
      micro_batch.continues.assign(flag, flag + micro_batch.examples);
      flag += micro_batch.examples;
    }
  }

  void make_step(const MicroBatches& numbers, std::span<const TrainBatch> micro_batches) {
    const StepResult result =
        trainer_.step(micro_batches, options_.learning_rate * schedule_.factor(state_.steps_done));
    ++state_.step;
    ++state_.steps_done;
    count_step(state_.skipped, result.applied);
    if (!result.applied) return report_skipped(numbers, micro_batches);
    if (state_.steps_done == 1) state_.history.start = result.loss;
    double weight = 0;
    for (const TrainBatch& micro_batch : micro_batches) weight += micro_batch.weight;
    state_.loss_sum += result.loss * weight;
    state_.weight += weight;
  }

  void report_skipped(const MicroBatches& numbers, std::span<const TrainBatch> micro_batches) {
    const std::string names = listed(suspects(data_.training, numbers, micro_batches));
    if (has_diverged(state_.skipped, steps_)) {
      throw_diverged(fmt::format("the loss is no longer finite: {} skipped, {} in a row, the last with {}",
                                 counted(to_size(state_.skipped.total), "step"), state_.skipped.in_a_row, names),
                     "a tenth of the learning rate or clip_norm = 1, and check these files");
    }
    progress_.notice(fmt::format("{}: step {} of epoch {} was skipped, its loss or gradient is not finite: {}",
                                 name_of(options_), state_.step, state_.epoch + 1, names));
  }

  [[noreturn]] void throw_diverged(const std::string& what, std::string tip) const {
    throw DivergedError({.where = name_of(options_),
                         .found = fmt::format("diverged in epoch {} at learning rate {:.3g}: {}", state_.epoch + 1,
                                              options_.learning_rate * schedule_.factor(state_.steps_done - 1), what),
                         .expected = "a finite loss and finite outputs",
                         .tip = std::move(tip)},
                        outcome());
  }

  EpochFigures measure() {
    EpochFigures figures;
    figures.add("loss", state_.weight > 0 ? state_.loss_sum / state_.weight : kNan);
    const EvaluateSourceOptions evaluation = evaluation_options(options_.averaged);
    const bool judged = is_judged();
    if (options_.training_sample > 0 && data_.metrics != nullptr) {
      EvaluateSourceOptions each = evaluation;
      each.unmixed = true;
      if (judged) (void)evaluate_source(trainer_, data_.training, training_sample(), data_.metrics, each, progress_);
      add_measured(figures, "", judged);
    }
    if (has_validation()) {
      figures.add(
          "val_loss",
          judged ? evaluate_source(trainer_, *data_.validation, {}, data_.metrics, evaluation, progress_) : kNan);
      if (judged && options_.judge) options_.judge(trainer_.parameters(options_.averaged));
      add_measured(figures, "val_", judged);
      if (judged) tell_remark();
    }
    figures.add("learning_rate", options_.learning_rate * schedule_.factor(state_.steps_done - 1));
    figures.add("seconds", epoch_seconds());
    return figures;
  }

  EvaluateSourceOptions evaluation_options(bool averaged) const {
    const bool by_size = options_.evaluation_batch > 0;
    return {.batch_size = by_size ? options_.evaluation_batch : options_.batch_size,
            .batch_tokens = by_size ? 0 : options_.batch_tokens,
            .averaged = averaged,
            .epoch = drawn_epoch()};
  }

  /// What the metrics find wrong, when it begins and when it is over.
  void tell_remark() {
    const std::string remark = data_.metrics == nullptr ? "" : data_.metrics->remark();
    const std::int64_t epoch = state_.epoch + 1;
    if (!remark.empty() && remark_.empty())
      progress_.notice(fmt::format("{}, epoch {}: {}", name_of(options_), epoch, remark));
    if (remark.empty() && !remark_.empty())
      progress_.notice(fmt::format("{}, epoch {}: that is over now", name_of(options_), epoch));
    remark_ = remark;
  }

  /// After the epoch that ends.
  bool is_judged() const {
    const std::int64_t epoch = state_.epoch + 1;
    return epoch == 1 || epoch == last_epoch() || epoch % options_.judged_every == 0;
  }

  void add_measured(EpochFigures& figures, const std::string& prefix, bool judged) const {
    for (const MetricValue& figure : report_of(data_.metrics).values)
      figures.add(prefix + figure.name, judged ? figure.value : kNan);
  }

  /// The same examples after every epoch, so that the curve shows learning and not another draw.
  std::vector<std::size_t> training_sample() const {
    EpochBatchesOptions one{.examples = batches_.examples,
                            .batch_size = static_cast<std::int64_t>(batches_.examples),
                            .seed = options_.seed};
    std::vector<std::size_t> numbers = epoch_batches(one, std::numeric_limits<std::uint64_t>::max()).front().front();
    numbers.resize(std::min(numbers.size(), options_.training_sample));
    return numbers;
  }

  void end_epoch() {
    constexpr const char* kTip = "a tenth of the learning rate, or clip_norm = 1";
    if (state_.weight == 0) throw_diverged("no step of the epoch had a finite loss and gradient", kTip);
    EpochFigures figures;
    try {
      figures = measure();
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::interrupted) stop_if_cancelled();
      if (error.kind() == ErrorKind::diverged) throw_diverged(error.text().found, kTip);
      throw;
    }
    figures.append_to(state_.history);
    state_.history.seconds += *figures.find("seconds");
    const auto judged = options_.validation_decides ? figures.find("val_loss") : std::nullopt;
    schedule_.epoch_ended(judged ? *judged : *figures.find("loss"));
    ++state_.epoch;
    const double monitored = figures.find(options_.early_stopping.monitor).value_or(kNan);
    const std::optional<double> val_loss = figures.find("val_loss");
    const bool best = chooses_ && stopping_.epoch_ended(state_.epoch, monitored, val_loss);
    const bool wanted = average_.wants(state_.epoch, monitored, val_loss);
    const StateDict weights = (best && keeps_best()) || wanted ? trainer_.parameters(options_.averaged) : StateDict();
    if (best && keeps_best()) best_ = weights;
    if (wanted) average_.keep({.epoch = state_.epoch, .value = monitored, .val_loss = val_loss, .weights = weights});
    tell(figures, best && options_.early_stopping.restore_best);
    begin_next_epoch();
    if (options_.save && since_save_.seconds() >= options_.least_save_seconds) save();
    stop_if_cancelled();
  }

  /// Puts the mean in the trainer. It is kept where it is better than the best epoch, or where no epoch is chosen.
  void judge_mean() {
    if (options_.save) save();  // from here on nothing of the trainer has to be kept
    trainer_.set_parameters(average_.mean());
    if (options_.renews_statistics) renew_statistics(trainer_, data_.training, options_.batch_size, progress_);
    EpochMean mean{.epochs = average_.epochs(), .figures = {}};
    std::optional<Score> score = chooses_ ? score_of_mean(mean) : std::nullopt;
    if (keeps_best()) {
      const std::optional<Score> best = score_of(stopping_.state().best_epoch);
      const bool better = score && best && score->better_than(*best);
      if (score && best) progress_.result(verdict(mean, *score, *best, better));
      if (!better) return;
    }
    mean_score_ = std::move(score);
    mean_ = std::move(mean);
  }

  /// On the validation data; none where the mean's outputs are not finite.
  std::optional<Score> score_of_mean(EpochMean& mean) {
    EpochFigures figures;
    try {
      figures.add("val_loss", evaluate_source(trainer_, *data_.validation, {}, data_.metrics, evaluation_options(false),
                                              progress_));
      if (options_.judge) options_.judge(trainer_.parameters());
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::interrupted) throw_interrupted("before the mean of its epochs was judged");
      if (error.kind() != ErrorKind::diverged) throw;
      progress_.notice(
          fmt::format("{}: the mean of {} is not kept: {}", name_of(options_), epochs_text(mean), error.text().found));
      return std::nullopt;
    }
    add_measured(figures, "val_", true);
    mean.figures = figures.rows();
    const std::string& monitor = options_.early_stopping.monitor;
    return Score{.monitor = monitor,
                 .value = figures.find(monitor).value_or(kNan),
                 .higher_is_better = stopping_.higher_is_better(),
                 .val_loss = figures.find("val_loss")};
  }

  std::string verdict(const EpochMean& mean, const Score& score, const Score& best, bool better) const {
    return fmt::format("mean of the weights of {}: {} {:.4f}, {} epoch {} ({:.4f}), {}", epochs_text(mean),
                       score.monitor, score.value, better ? "better than" : "no better than",
                       stopping_.state().best_epoch, best.value, better ? "kept" : "not kept");
  }

  void begin_next_epoch() {
    state_.step = 0;
    state_.loss_sum = 0;
    state_.weight = 0;
    state_.skipped.in_epoch = 0;
    earlier_seconds_ = 0;
    epoch_watch_.restart();
  }

  void tell(const EpochFigures& figures, bool best) {
    if (!told_) progress_.result(EpochTable::head(figures.rows()));
    told_ = true;
    progress_.result(table_.row(state_.epoch, figures.rows(), best));
    if (options_.epoch_ended) options_.epoch_ended(state_.history);
  }

  double epoch_seconds() const { return earlier_seconds_ + epoch_watch_.seconds(); }

  void stop_if_cancelled() {
    if (!progress_.cancelled()) return;
    if (options_.save) save();
    throw_interrupted(fmt::format("in epoch {} at step {}", state_.epoch + 1, state_.step));
  }

  [[noreturn]] void throw_interrupted(const std::string& when) const {
    throw Error(ErrorKind::interrupted, {.where = name_of(options_),
                                         .found = "interrupted " + when,
                                         .tip = options_.save ? "the same run with resume = true" : ""});
  }

  void save() {
    LoopSnapshot snapshot{.state = state_, .trainer = trainer_.state(), .best = best_};
    snapshot.state.seconds = epoch_seconds();
    snapshot.state.plateau = schedule_.state();
    snapshot.state.stopping = stopping_.state();
    snapshot.state.kept = average_.kept();
    options_.save(snapshot);
    since_save_.restart();
  }

  PhaseOutcome outcome() const {
    const bool best = keeps_best() && !best_.empty();
    PhaseOutcome out{.weights = mean_ || !best ? trainer_.parameters(options_.averaged && !mean_) : best_,
                     .kept_epoch = mean_  ? mean_->epochs.back()
                                   : best ? stopping_.state().best_epoch
                                          : state_.epoch,
                     .mean = mean_,
                     .epochs = state_.epoch,
                     .steps = state_.steps_done,
                     .skipped_steps = state_.skipped.total,
                     .stopped_early = stopped_early() && state_.epoch < options_.epochs,
                     .score = {},
                     .history = state_.history};
    out.score = mean_ ? mean_score_ : score_of(out.kept_epoch);
    return out;
  }

  /// Of the weights after an epoch on what is monitored.
  std::optional<Score> score_of(std::int64_t epoch) const {
    const std::string& monitor = options_.early_stopping.monitor;
    const std::optional<double> value = of_epoch(monitor, epoch);
    if (!chooses_ || !value) return std::nullopt;
    return Score{.monitor = monitor,
                 .value = *value,
                 .higher_is_better = stopping_.higher_is_better(),
                 .val_loss = of_epoch("val_loss", epoch)};
  }

  /// A figure at the end of an epoch, from 1.
  std::optional<double> of_epoch(std::string_view figure, std::int64_t epoch) const {
    const auto curve = std::ranges::find(state_.history.series, figure, &Series::name);
    if (epoch < 1 || curve == state_.history.series.end()) return std::nullopt;
    return curve->values.at(static_cast<std::size_t>(epoch - 1));
  }

  Trainer& trainer_;
  const PhaseData& data_;
  const LoopOptions& options_;
  Progress& progress_;
  EpochBatchesOptions batches_;
  std::int64_t steps_;
  Schedule schedule_;
  EpochTable table_;
  StoppingRule stopping_;
  const bool chooses_;  // the monitor is measured, so it may stop the phase and say which epoch is kept
  EpochAverage average_;
  std::optional<EpochMean> mean_;  // of the epochs, where it is what is kept
  std::optional<Score> mean_score_;
  bool told_ = false;
  LoopState state_;
  StateDict best_;
  std::string remark_;          // of the last epoch that was judged
  double earlier_seconds_ = 0;  // of the running epoch, before the run was resumed
  Stopwatch epoch_watch_, since_save_;
};

}  // namespace

DivergedError::DivergedError(ErrorText text, PhaseOutcome outcome)
    : Error(ErrorKind::diverged, std::move(text)), outcome_(std::make_shared<const PhaseOutcome>(std::move(outcome))) {}

PhaseOutcome train_phase(Trainer& trainer, const PhaseData& data, const LoopOptions& options, Progress& progress) {
  check(options, data);
  return PhaseLoop(trainer, data, options, progress).run();
}

}  // namespace enxerto
