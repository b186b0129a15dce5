#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "enxerto/base/stopwatch.h"
#include "enxerto/data/windows.h"
#include "enxerto/generation/written_figures.h"
#include "enxerto/pretrained/load_backbone.h"
#include "enxerto/training/checkpoint.h"
#include "enxerto/transfer/prefix_precision.h"
#include "enxerto/transfer/run_phase.h"
#include "enxerto/workflow/previews.h"
#include "enxerto/workflow/readable_examples.h"
#include "enxerto/workflow/recorded_notices.h"
#include "enxerto/workflow/row_roles.h"
#include "enxerto/workflow/timings.h"
#include "enxerto/workflow/train.h"
#include "enxerto/workflow/training_data.h"

namespace enxerto {

struct FinishedNetwork;

/// A further part of the examples that chooses between the phases, and what the phases have made of the others.
struct Fold {
  std::vector<std::size_t> training, validation;  ///< positions
  StateDict weights = {};
  std::size_t phases = 0;      ///< that have run
  double value = 0, loss = 0;  ///< of the last of them: what is monitored, and the validation loss
};

/// One training run, a step a function, in the order of `run`. A linear head that is solved exactly is a run of one
/// phase.
class TrainingRun {
 public:
  TrainingRun(const Recipe& recipe, Progress& progress);

  TrainReport run();

 private:
  TrainReport tell();
  void forget(const Error& error);
  void open();
  void plan();
  void read();
  void share_out();
  void share_out_folds();
  void notice_nearly_learned();
  void settle_batches();
  void suit_loss();
  void grow();
  void open_checkpoints();
  void notice_nothing_to_resume();
  void run_next();
  void keep(std::size_t number, const PhaseResult& result);
  void learn(StateDict& weights, const Graph& network) const;
  std::optional<Score> over_folds(std::size_t number, const std::optional<Score>& own);
  void run_next(Fold& fold);
  [[noreturn]] void keep_diverged(const DivergedError& error);
  void choose();
  void doubt_diverged();
  void tell_best();
  void prepare_to_write();
  void check_direction();
  void hold_against_start();
  void measure_written();
  bool began_able() const;
  WrittenEvaluation written(const Graph& network, const std::vector<std::size_t>& positions, std::size_t most_words,
                            Progress& progress) const;
  void refit();
  void settle();
  void evaluate();
  void write_texts();
  void save();
  void write_report_of(const FinishedNetwork& finished);

  bool extract_to_read();
  const TaskKind& task_kind() const { return task_kind_for(report_.recipe.task.kind, data_.all->info()); }
  bool solves_only() const;
  bool is_refit(std::size_t number) const { return number >= phases_.size(); }
  const Phase& phase_of(std::size_t number) const { return phases_[number % phases_.size()]; }
  ReadRows rows() const { return {data_, readable_.positions, readable_.copies}; }
  MetricsReport metrics_of(const Graph& network, const std::vector<std::size_t>& positions,
                           std::function<void(std::size_t, const Judged&)> judged = {}, Metric* instead = nullptr);
  void save_checkpoint();
  void fit_into_time(std::size_t number, Phase& phase, double epoch_seconds);
  std::string name_of_phase(std::size_t number) const;
  PhaseReport reported(std::size_t number) const;
  FeatureSource frozen_source() const;
  std::string description(std::string_view stage) const;
  std::vector<std::uint64_t> learned_from() const;
  std::vector<std::size_t> positions_of(const std::vector<std::size_t>& rows) const;

  TrainReport report_;
  Timings timings_;
  RecordedNotices progress_;
  TrainingData data_;
  ExampleWindows windows_;  // the same as rows of the network, which the phases learn from
  Backbone backbone_;
  ReadableExamples readable_;
  ReadyRows ready_;
  RowRoles roles_;
  std::vector<std::string> group_names_;  ///< of each example of the data; empty where there are no groups
  bool keeps_units_ = false;              // of the network's own head
  std::vector<Fold> folds_;               // but for the first, which `context_` has; empty where one part alone chooses
  std::vector<std::size_t> test_;
  std::vector<std::string> row_values_;  // of the task
  PhaseContext context_;
  std::vector<Phase> phases_;
  bool own_rate_ = true;                               // the user's, not a preset's
  Graph grown_, network_;                              // before training, and as it is saved
  std::unique_ptr<CheckpointFolder> checkpoints_;      // none where a head is solved only
  RunState state_;                                     // the phases, and after them those of a refit
  std::map<std::size_t, PrefixPrecision> precisions_;  // of the frozen parts, by phase
  std::optional<LoopSnapshot> resume_;
  bool refits_ = false, keeps_start_ = false;
  Stopwatch watch_;
  double time_limit_ = 0;              // seconds; 0: none
  std::size_t winner_ = 0, kept_ = 0;  // the best phase; the one whose weights are kept, which may be of the refit
  WorstMistakes mistakes_;
};

}  // namespace enxerto
