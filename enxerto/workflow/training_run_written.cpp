#include <algorithm>
#include <cstddef>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "enxerto/generation/evaluate_translations.h"
#include "enxerto/generation/written_figures.h"
#include "enxerto/transfer/further_figures.h"
#include "enxerto/transfer/graft.h"
#include "enxerto/workflow/training_run.h"

namespace enxerto {
namespace {

constexpr std::size_t kMostMonitored = 500;   // validation examples that are written after each epoch
constexpr std::size_t kMostCompared = 2'000;  // .. once, before and after training
constexpr std::size_t kRunawayWords = 2;      // times the longest reference: what is not yet able may not end

/// At most so many, evenly spaced.
std::vector<std::size_t> some_of(const std::vector<std::size_t>& positions, std::size_t most) {
  if (positions.size() <= most) return positions;
  std::vector<std::size_t> some;
  for (std::size_t i = 0; i < most; ++i) some.push_back(positions[i * positions.size() / most]);
  return some;
}

/// As its report shows it.
std::string shown(const MetricValue& figure) {
  return figure.share ? fmt::format("{:.1f} %", 100 * figure.value) : fmt::format("{:.2f}", figure.value);
}

/// Nobody is told of every epoch's losses, but whoever stops the run is heard.
class Quiet final : public Progress {
 public:
  explicit Quiet(const Progress& progress) : progress_(progress) {}
  bool cancelled() const override { return progress_.cancelled(); }

 private:
  const Progress& progress_;
};

}  // namespace

WrittenEvaluation TrainingRun::written(const Graph& network, const std::vector<std::size_t>& positions,
                                       std::size_t most_words, Progress& progress) const {
  return written_figures({.network = network,
                          .preprocessor = *context_.preprocessor,
                          .dataset = *data_.all,
                          .positions = positions,
                          .most_words = most_words,
                          .engine = {.threads = context_.extraction.threads, .streams = 1}},
                         progress);
}

/// Texts of the validation part are written after each epoch where a phase is judged by them.
void TrainingRun::prepare_to_write() {
  if (!task_kind().writes || roles_.validation.empty()) return;
  context_.further = std::make_shared<FurtherFigures>();
  context_.further->latest = unwritten(*context_.preprocessor);
  context_.further->measure = [this,
                               some = some_of(positions_of(roles_.validation), kMostMonitored)](const Graph& network) {
    Quiet quiet(progress_);
    return written(network, some, kRunawayWords, quiet).metrics;
  };
}

/// It could do its task before it was trained, and a figure of then says something: words of a new vocabulary are known
/// to no network.
bool TrainingRun::began_able() const {
  return context_.task->kind().begins_able() && !context_.random_weights &&
         report_.recipe.backbone.vocabulary != kLearnedPieces &&
         has_head(backbone_.graph, head_of(*context_.task, backbone_.graph));
}

/// Pairs the wrong way round are learned without a word: what can do its task already is asked for a few of them first.
void TrainingRun::check_direction() {
  constexpr std::size_t kAsked = 24;
  if (!context_.task->kind().writes || !began_able()) return;
  timings_.begin("look at the direction");
  const std::vector<std::size_t> some = some_of(positions_of(roles_.train), kAsked);
  Quiet quiet(progress_);
  const std::string swap = suspected_swap({.network = context_.task->finished(grown_),
                                           .preprocessor = *context_.preprocessor,
                                           .dataset = *data_.all,
                                           .positions = some,
                                           .most_words = kRunawayWords,
                                           .engine = {.threads = context_.extraction.threads, .streams = 1}},
                                          quiet);
  if (!swap.empty()) progress_.notice(fmt::format("before training, of {} pairs: {}", some.size(), swap));
}

/// What could do its task before is not made worse: where texts of the validation part were written better then, the
/// network is kept as it was.
void TrainingRun::hold_against_start() {
  if (!context_.task->kind().writes || !began_able() || roles_.validation.empty()) return;
  timings_.begin("compare with the start");
  const std::vector<std::size_t> some = some_of(positions_of(roles_.validation), kMostCompared);
  Quiet quiet(progress_);
  const std::vector<MetricValue> start =
      written(context_.task->finished(grown_), some, kRunawayWords, quiet).metrics.values;
  const std::vector<MetricValue> end = written(network_, some, kRunawayWords, quiet).metrics.values;
  const MetricValue &before = start.front(), &after = end.front();
  progress_.result(
      fmt::format("validation: {} {} before training, {} after", before.title, shown(before), shown(after)));
  if (is_better(after, before) || (after.value == before.value && is_better(end.at(1), start.at(1)))) return;
  keeps_start_ = true;
  network_ = context_.task->finished(grown_);
  for (PhaseReport& phase : report_.phases) phase.best = false;
  progress_.notice(
      fmt::format("training has not made it better (validation: {} {} before, {} after): the network is kept as it was",
                  before.title, shown(before), shown(after)));
}

/// In front of the figures of outputs, what texts that were written are worth.
void TrainingRun::measure_written() {
  if (!context_.task->kind().writes) return;
  timings_.begin("write texts");
  WrittenEvaluation all = written(network_, test_, 0, progress_);
  MetricsReport& found = all.metrics;
  for (std::size_t i = 0; i < std::min(test_.size(), all.texts.size()); ++i)
    mistakes_.add_written(test_[i], all.texts[i], all.expected.empty() ? "" : all.expected[i]);
  if (began_able()) {
    Quiet quiet(progress_);
    MetricValue before = written(context_.task->finished(grown_), test_, kRunawayWords, quiet).metrics.values.front();
    before.name += "_before";
    before.title += " before training";
    before.baseline.reset();
    found.values.insert(found.values.begin() + 1, std::move(before));
  }
  report_.test.values.insert(report_.test.values.begin(), found.values.begin(), found.values.end());
  for (const std::string& alarm : alarms_of(found)) progress_.notice("test: " + alarm);
}

}  // namespace enxerto
