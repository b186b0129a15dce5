#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "enxerto/base/progress.h"
#include "enxerto/data/bad_example.h"
#include "enxerto/metrics/metrics_report.h"
#include "enxerto/transfer/phase.h"
#include "enxerto/workflow/recipe.h"

namespace enxerto {

/// What one phase of a run did.
struct PhaseReport {
  using Curve = std::pair<std::string, std::vector<double>>;  ///< "val_loss", and its values by epoch
  std::string name;                                           ///< "1 (head)"
  Phase phase;
  std::string frozen;                              ///< how the frozen part was computed: "cached features of .."
  std::string prefix_precision, precision, score;  ///< score: of several folds, "val_loss 0.61, the mean of 2 folds"
  double learning_rate = 0, seconds = 0;           ///< the rate that was used: the finder's where it chose
  std::int64_t accumulation_steps = 1;             ///< that each batch was computed in
  std::size_t learned_values = 0;
  std::int64_t epochs = 0, kept_epoch = 0;  ///< that were trained; the one whose weights were kept, 0: the last
  std::string mean;  ///< "of epochs 3, 5 and 7, val_loss 0.3123": whose weights were averaged; empty: one epoch's
  std::int64_t steps = 0, skipped_steps = 0;  ///< skipped: their gradient was not finite
  bool stopped_early = false, diverged = false;
  std::vector<Curve> curves;
  bool best = false;                 ///< its weights are the model's
  std::vector<std::string> summary;  ///< what its curves say
};

/// The arithmetic that the frozen part ran in, and how far it is from fp32 on the user's own examples.
struct PrecisionChoice {
  std::string requested, chosen;       ///< "auto", "fp32" or "bf16"
  std::optional<double> min_cosine;    ///< smallest cosine between an example's features in both
  std::optional<double> equal_labels;  ///< share of examples that the head labels equally in both
  std::string reason;
};

/// One penalty that was tried for an exact head: figures of held-out training examples, what it is chosen by first.
struct TriedL2 {
  double l2 = 0;
  std::vector<std::pair<std::string, double>> figures;  ///< {"log_loss", 0.31}, {"accuracy", 0.9}
};

/// What is likeliest to make the next model better, and why; as a recipe says it: "input.size" and "224", or empty.
struct NextStep {
  std::string text, key, value;
};

/// What a training run did and how good its model is.
struct TrainReport {
  std::filesystem::path model, report;  ///< the bundle; a page of HTML
  Recipe recipe;                        ///< as it was resolved: size, threads, ..
  std::string backbone, weights;
  std::vector<std::string> classes;
  std::string targets;  ///< how many there are, and of what: "10 classes", "3 labels", "1 column"
  std::string data_format, test_origin;
  std::string noun, nouns, input;  ///< what an example is called; what the network sees of one: "224 px"
  std::size_t train_examples = 0, validation_examples = 0, test_examples = 0, folds = 1;  ///< validation: of fold 1
  std::string task, head;                                                      ///< the task's name; the head in words
  std::size_t parameters = 0, test_also_learned = 0, test_nearly_learned = 0;  ///< seen in training; copies saved again
  MetricsReport test;                                                          ///< on examples that chose nothing
  std::optional<MetricsReport> validation;  ///< of the weights before a refit, which learns from these examples
  PrecisionChoice precision;
  std::string solver;              ///< of a head that was solved exactly: "ridge regression"; else empty
  std::vector<double> l2;          ///< its penalty: one, or one an output
  std::string l2_chosen_by;        ///< on the training part, by what: "cross-validation"; empty: it was given
  std::vector<TriedL2> l2_trials;  ///< strongest first
  int iterations = 0;
  bool converged = false;
  std::vector<PhaseReport> phases;
  std::vector<PhaseReport> refit;  ///< up to the best one, again, on validation examples too: whose weights these are
  std::optional<NextStep> next;    ///< none where nothing is known
  std::vector<BadExample> skipped;
  std::vector<std::string> warnings;                    ///< what the run had to say: hidden folders, duplicates, ..
  std::size_t computed = 0, cached = 0, repaired = 0;   ///< rows of features
  std::vector<std::pair<std::string, double>> seconds;  ///< of each part of the run, in order

  /// True where a linear head was solved exactly and nothing else was done.
  bool is_solved() const { return phases.size() == 1 && phases.front().phase.solved_exactly(); }
};

/// From examples to a saved model at `recipe.output.path`, evaluated on held-out examples. Phase after phase is trained
/// or solved; without phases, a preset or a head of its own it is one: a linear head, solved on features of the frozen
/// backbone. Phases that make steps are trained with checkpoints in `<output>.training` from which `recipe.resume` goes
/// on; the finish is never worse on validation than the best phase. Throws Error (usage, data, weights, disk, memory,
/// interrupted, and diverged, after the best weights were saved where there are some); nothing is half-written.
TrainReport train(const Recipe& recipe, Progress& progress = no_progress());

}  // namespace enxerto
