#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/base/progress.h"
#include "enxerto/engine/trainer.h"
#include "enxerto/metrics/metric_set.h"
#include "enxerto/training/batch_source.h"
#include "enxerto/training/best_so_far.h"
#include "enxerto/training/loop_state.h"
#include "enxerto/training/schedule.h"
#include "enxerto/training/stopping_rule.h"

namespace enxerto {

/// What a phase learns from, and what it is measured on once an epoch.
struct PhaseData {
  BatchSource& training;
  BatchSource* validation = nullptr;  ///< null or empty: only the training loss is known
  MetricSet* metrics = nullptr;       ///< beside the loss; "val_" before the figure's name in the history
  /// Of each training example the one that it goes on from (`EpochBatchesOptions::before`), where the trainer carries
  /// states from step to step; empty: examples stand alone.
  std::vector<std::size_t> before = {};
  std::vector<std::int64_t> alike = {};  ///< `EpochBatchesOptions::alike`
};

struct LoopOptions {
  std::string name = "";  ///< of the phase, for the history and for errors
  std::int64_t epochs = 10;
  std::int64_t steps_per_epoch = 0;  ///< steps after which an epoch ends; 0: when all examples were seen
  std::int64_t stop_after = 0;  ///< epochs after which it ends, with the learning rates of all `epochs`; 0: never early
  std::int64_t batch_size = 32, batch_tokens = 0;  ///< as `EpochBatchesOptions` have them
  std::int64_t accumulation_steps =
      1;  ///< that a batch is computed in (`Phase::accumulation_steps`, or `accumulation_that_fits`)
  double learning_rate = 1e-3;
  ScheduleOptions schedule = {};
  EarlyStopping early_stopping = {};
  bool validation_decides = true;  ///< false: validation data draw curves only; plateaus are those of the training loss
  bool averaged = false;           ///< the moving average is what is evaluated and kept (`Phase::ema_decay` > 0)
  std::int64_t average_epochs = 0;  ///< the mean of the weights of so many epochs is judged in the end: of the best on
                                    ///< what is monitored where that chooses an epoch, else of the last; 0: none
  std::optional<std::vector<std::int64_t>> average_of = {};  ///< of exactly these, whatever it comes to
  bool renews_statistics = false;  ///< running statistics of a mean of weights are made anew (Izmailov et al. 2018)
  bool trains_norms = false;  ///< a batch or piece of a single example is then joined with another: it has no variance
  std::uint64_t seed = 0;     ///< of the order of the examples
  std::uint64_t first_epoch = 0;      ///< epochs of earlier phases: orders, views and examples go on from there
  std::int64_t evaluation_batch = 0;  ///< examples a call of `Trainer::evaluate`; 0: `batch_size`
  std::int64_t judged_every = 1;    ///< epochs from one evaluation to the next, after the first and the last one in any
                                    ///< case; between them the curves have NaN. For data that decides nothing
  std::size_t training_sample = 0;  ///< so many training examples are evaluated after each epoch too, as the figures'
                                    ///< own series ("accuracy"); 0: none

  /// Called with a consistent snapshot of the phase after each epoch, every `save_seconds` and when cancelled, on the
  /// thread of the loop. What it throws (a full disk) ends the phase. An epoch that ends less than
  /// `least_save_seconds` after the last call makes none, so that short epochs are not all writing.
  std::function<void(const LoopSnapshot&)> save = {};
  double save_seconds = 60, least_save_seconds = 2;

  /// Called with the weights whenever the validation data were evaluated, before the figures of `PhaseData::metrics`
  /// are read, of which some may be found by it.
  std::function<void(const StateDict& weights)> judge = {};

  /// Called after each epoch, with the curves so far.
  std::function<void(const PhaseHistory&)> epoch_ended = {};

  /// Where to go on; the options and the data must be those of the run that was interrupted.
  std::optional<LoopSnapshot> resume = {};
};

/// What a phase came to.
struct PhaseOutcome {
  StateDict weights = {};  ///< `Trainer::parameters` as they are kept: of the best epoch, of the last one, or a mean
  std::int64_t kept_epoch = 0;         ///< whose weights these are, from 1; of a mean its last; 0: no epoch has ended
  std::optional<EpochMean> mean = {};  ///< where the weights are a mean: it was better than the best epoch, or nothing
                                       ///< chooses
  std::int64_t epochs = 0;             ///< that ended
  std::int64_t steps = 0, skipped_steps = 0;
  bool stopped_early = false;
  std::optional<Score> score = {};  ///< of the kept weights on what is monitored
  PhaseHistory history = {};  ///< loss, learning_rate, seconds, and with validation data val_loss, val_accuracy ..
};

/// A phase that has diverged, Error{diverged}. The best weights that it had are reachable and finite: whoever catches
/// this can save them. (The trainer holds the last finite ones.)
class DivergedError : public Error {
 public:
  DivergedError(ErrorText text, PhaseOutcome outcome);
  const PhaseOutcome& outcome() const { return *outcome_; }

 private:
  std::shared_ptr<const PhaseOutcome> outcome_;
};

/// Trains one phase: every epoch each example once, in an order drawn from (seed, epoch), the last batch smaller; the
/// next batches are prepared while a step runs. After each epoch the validation data is evaluated (its loss is the mean
/// over its weight), the curves grow, and early stopping decides. Of a mean of epochs (`average_epochs`) the better one
/// of it and the best epoch is kept, where something chooses. In the end the trainer holds `weights` where they
/// are not averaged ones. A run that was interrupted anywhere and is resumed ends with the same bits.
///
/// A step whose loss or gradient is not finite changes nothing; it is counted, and its files are named in a notice: of
/// those whose values are not finite, or else all of the batch. Five in a row, or more than a tenth of an epoch's steps
/// (and more than two) throw DivergedError naming them, as do an epoch without any finite step and answers that are not
/// finite after one. Throws Error{usage} for options out of range and a batch larger
/// than the data, Error{data} for no data, Error{interrupted} after `save` when `progress` says stop, and what the
/// sources, the trainer and `save` throw.
///
/// `progress` sees a part "epoch 3 of 10" with a step a batch, and then the epoch's figures as its result: a line of an
/// `EpochTable`.
PhaseOutcome train_phase(Trainer& trainer, const PhaseData& data, const LoopOptions& options,
                         Progress& progress = no_progress());

/// The policy `recompute`: one pass over the training data in its plain order that moves no parameter and makes the
/// running statistics anew. `batch_size` 0: `kUsualBatch`, or all examples where there are fewer.
void renew_statistics(Trainer& trainer, BatchSource& training, std::int64_t batch_size,
                      Progress& progress = no_progress());

}  // namespace enxerto
