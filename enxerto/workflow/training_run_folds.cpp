#include <algorithm>
#include <iterator>
#include <limits>

#include <fmt/format.h>

#include "enxerto/workflow/training_run.h"

namespace enxerto {
namespace {

/// So few examples choose badly in one part, and are run through in no time.
constexpr std::size_t kFewToChoose = 500;

/// Moves on and can be stopped, but says nothing: what a fold comes to is told once, for all.
class FoldProgress final : public Progress {
 public:
  explicit FoldProgress(Progress& watcher) : watcher_(watcher) {}
  void begin(std::string_view part, std::size_t total) override { watcher_.begin(part, total); }
  void advance(std::size_t steps) override { watcher_.advance(steps); }
  void end() override { watcher_.end(); }
  bool cancelled() const override { return watcher_.cancelled(); }

 private:
  Progress& watcher_;
};

}  // namespace

/// Where phases are chosen by a part of few examples that the run has cut itself, they are compared by a
/// cross-validation of which that part is the first fold; afterwards the winner learns from all of them.
void TrainingRun::share_out_folds() {
  folds_.clear();
  report_.folds = 1;
  const std::size_t examples = roles_.train.size() + roles_.validation.size();
  const bool left_to_us = report_.recipe.data.validation_split < 0;
  if (!refits_ || phases_.size() < 2 || !left_to_us || examples > kFewToChoose) return;
  if (time_limit_ > 0) {
    // The recipe that is saved says so, and repeats the run without the limit.
    report_.recipe.data.validation_split = validation_share(-1, examples);
    progress_.notice(fmt::format(
        "with a time limit phases are compared by {} validation {} alone; without one a cross-validation of "
        "the {} that are learned from would compare them",
        roles_.validation.size(), nouns_of(data_.all->info().inputs), examples));
    return;
  }
  const std::vector<std::vector<std::size_t>> further = further_folds(roles_, this->rows(), report_.recipe);
  report_.folds = further.size() + 1;
  if (!further.empty())
    progress_.result(
        fmt::format("phases are compared by the mean of {} folds; epochs are shown of the first", report_.folds));
  for (const std::vector<std::size_t>& rows : further) {
    std::vector<std::size_t> others = roles_.validation;
    std::ranges::set_difference(roles_.train, rows, std::back_inserter(others));
    std::ranges::sort(others);
    folds_.push_back(
        {.training = windows_.rows_of(positions_of(others)), .validation = windows_.rows_of(positions_of(rows))});
  }
}

/// The phase in every fold. `own` is what the first has come to; the mean of all of them is what phases are compared
/// by.
std::optional<Score> TrainingRun::over_folds(std::size_t number, const std::optional<Score>& own) {
  if (folds_.empty() || !own) return own;
  timings_.begin(fmt::format("{}, folds", name_of_phase(number)));
  Score mean = *own;
  double loss = own->val_loss.value_or(std::numeric_limits<double>::quiet_NaN());
  for (Fold& fold : folds_) {
    while (fold.phases <= number) run_next(fold);  // of all phases where the run was resumed
    mean.value += fold.value;
    loss += fold.loss;
  }
  const auto folds = static_cast<double>(folds_.size() + 1);
  mean.value /= folds;
  mean.val_loss = loss / folds;
  return mean;
}

void TrainingRun::run_next(Fold& fold) {
  const std::size_t number = fold.phases;
  const PhaseNotes& notes = state_.notes.at(number);
  PhaseContext context = context_;
  context.training = fold.training;
  context.validation = fold.validation;
  context.settings.precision = notes.prefix == Precision::bf16 ? AskedPrecision::bf16 : AskedPrecision::fp32;
  context.ready_precision.reset();
  PhaseRun run{.name = fmt::format("fold {}, {}", &fold - folds_.data() + 2, name_of_phase(number)),
               .new_head = number == 0 && !keeps_units_,
               .known_rate = notes.rate};
  for (std::size_t i = 0; i < number; ++i) run.first_epoch += static_cast<std::uint64_t>(state_.finished[i].epochs);
  Phase phase = phases_[number];  // a fold may have an example less to learn from
  phase.batch_size = std::min(phase.batch_size, static_cast<std::int64_t>(fold.training.size()));
  if (phase.batch_size > 0) phase.accumulation_steps = std::min(phase.accumulation_steps, phase.batch_size);
  FoldProgress quiet(progress_);
  fold.phases = number + 1;
  fold.value = fold.loss = std::numeric_limits<double>::quiet_NaN();
  try {
    const PhaseResult result = run_phase(with_parameters(grown_, fold.weights), phase, context, run, quiet);
    learn(fold.weights, result.network);
    if (result.outcome.score) {
      fold.value = result.outcome.score->value;
      fold.loss = result.outcome.score->val_loss.value_or(fold.loss);
    }
  } catch (const DivergedError&) {
    progress_.notice(fmt::format("{} diverged", run.name));  // NaN is worse than anything
  }
}

}  // namespace enxerto
