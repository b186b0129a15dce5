#include "enxerto/training/training_loop.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/quantity.h"
#include "enxerto/base/rng.h"
#include "enxerto/base/setting.h"
#include "enxerto/base/stopwatch.h"
#include "enxerto/base/to_size.h"
#include "enxerto/metrics/interval.h"
#include "enxerto/training/batch_prefetch.h"
#include "enxerto/training/check_examples.h"
#include "enxerto/training/epoch_table.h"
#include "enxerto/training/evaluate_source.h"
#include "enxerto/training/monitor.h"
#include "enxerto/training/step_health.h"

namespace enxerto {
namespace {

std::string name_of(const LoopOptions& options) { return options.name.empty() ? "phase" : options.name; }

void check(const LoopOptions& options, const PhaseData& data) {
  const std::string name = name_of(options);
  check_batch_size(options.batch_size, data.training.size(), name);
  const auto number = [&](std::string_view field, double value, const NumberRange& range) {
    check_number(fmt::format("{}: {}", name, field), value, range);
  };
  number("epochs", static_cast<double>(options.epochs), {.low = 1});
  number("stop_after", static_cast<double>(options.stop_after), kNotNegative);
  number("batch_size", static_cast<double>(options.batch_size), {.low = options.trains_norms ? 2.0 : 1.0});
  number("accumulation_steps", static_cast<double>(options.accumulation_steps), {.low = 1});
  number("learning_rate", options.learning_rate, kAboveZero);
  number("evaluation_batch", static_cast<double>(options.evaluation_batch), kNotNegative);
  number("judged_every", static_cast<double>(options.judged_every), {.low = 1});
  number("patience", static_cast<double>(options.early_stopping.patience), kNotNegative);
  number("min_delta", options.early_stopping.min_delta, kNotNegative);
}

MetricsReport report_of(const MetricSet* metrics) { return metrics == nullptr ? MetricsReport{} : metrics->report(); }

/// The values that one epoch has put into its curves.
class EpochFigures {
 public:
  void add(std::string name, double value) { rows_.emplace_back(std::move(name), value); }

  std::optional<double> find(std::string_view name) const {
    const auto row = std::ranges::find(rows_, name, &std::pair<std::string, double>::first);
    return row == rows_.end() ? std::nullopt : std::optional(row->second);
  }

  void append_to(PhaseHistory& history) const {
    for (const auto& [name, value] : rows_) history.append(name, value);
  }

  const EpochTable::Figures& rows() const { return rows_; }

 private:
  EpochTable::Figures rows_;
};

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
                 .most_steps = options.steps_per_epoch,
                 .no_singles = options.trains_norms,
                 .seed = options.seed,
                 .lengths = lengths_of(data.training),
                 .before = data.before,
                 .alike = data.alike},
        steps_(steps_per_epoch(batches_)),
        schedule_(options.schedule, {.steps_per_epoch = steps_, .epochs = options.epochs}),
        table_(options.epochs, report_of(data.metrics)),
        stopping_(options.early_stopping,
                  higher_is_better(options.early_stopping.monitor, report_of(data.metrics), name_of(options))) {
    state_.history.name = options.name;
    chooses_ = options.early_stopping.monitor == "loss" || has_validation();
    if (options.resume) go_on(*options.resume);
  }

  PhaseOutcome run() {
    while (state_.epoch < last_epoch() && !stopped_early()) {
      epoch_watch_.restart();
      train_epoch();
      end_epoch();
    }
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
    EvaluateSourceOptions evaluation{
        .batch_size = options_.evaluation_batch > 0 ? options_.evaluation_batch : options_.batch_size,
        .averaged = options_.averaged,
        .epoch = drawn_epoch()};
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
    }
    figures.add("learning_rate", options_.learning_rate * schedule_.factor(state_.steps_done - 1));
    figures.add("seconds", epoch_seconds());
    return figures;
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
    const bool best = chooses_ && stopping_.epoch_ended(state_.epoch, *figures.find(options_.early_stopping.monitor),
                                                        figures.find("val_loss"));
    if (best && options_.early_stopping.restore_best) best_ = trainer_.parameters(options_.averaged);
    tell(figures, best && options_.early_stopping.restore_best);
    begin_next_epoch();
    if (options_.save && since_save_.seconds() >= options_.least_save_seconds) save();
    stop_if_cancelled();
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
    throw Error(ErrorKind::interrupted,
                {.where = name_of(options_),
                 .found = fmt::format("interrupted in epoch {} at step {}", state_.epoch + 1, state_.step),
                 .tip = options_.save ? "the same run with resume = true" : ""});
  }

  void save() {
    LoopSnapshot snapshot{.state = state_, .trainer = trainer_.state(), .best = best_};
    snapshot.state.seconds = epoch_seconds();
    snapshot.state.plateau = schedule_.state();
    snapshot.state.stopping = stopping_.state();
    options_.save(snapshot);
    since_save_.restart();
  }

  PhaseOutcome outcome() const {
    const bool best = keeps_best() && !best_.empty();
    PhaseOutcome out{.weights = best ? best_ : trainer_.parameters(options_.averaged),
                     .kept_epoch = best ? stopping_.state().best_epoch : state_.epoch,
                     .epochs = state_.epoch,
                     .steps = state_.steps_done,
                     .skipped_steps = state_.skipped.total,
                     .stopped_early = stopped_early() && state_.epoch < options_.epochs,
                     .score = {},
                     .history = state_.history};
    const std::string& monitor = options_.early_stopping.monitor;
    const std::optional<double> value = of_epoch(monitor, out.kept_epoch);
    if (chooses_ && value)
      out.score = {.monitor = monitor,
                   .value = *value,
                   .higher_is_better = stopping_.higher_is_better(),
                   .val_loss = of_epoch("val_loss", out.kept_epoch)};
    return out;
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
  bool told_ = false;
  bool chooses_ = false;  // the monitor is measured, so it may stop the phase and say which epoch is kept
  LoopState state_;
  StateDict best_;
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
