#include <memory>
#include <utility>

#include <fmt/format.h>

#include "enxerto/bundle/bundle.h"
#include "enxerto/files/json.h"
#include "enxerto/graph/fold_shapes.h"
#include "enxerto/metrics/metric_set.h"
#include "enxerto/tasks/settling.h"
#include "enxerto/transfer/further_figures.h"
#include "enxerto/transfer/graft.h"
#include "enxerto/workflow/audit_saved.h"
#include "enxerto/workflow/golden.h"
#include "enxerto/workflow/network_metrics.h"
#include "enxerto/workflow/next_step.h"
#include "enxerto/workflow/plain_report.h"
#include "enxerto/workflow/saved_model.h"
#include "enxerto/workflow/score_words.h"
#include "enxerto/workflow/training_run.h"
#include "enxerto/workflow/worse_than_baseline.h"
#include "enxerto/workflow/written_texts.h"

namespace enxerto {
namespace {

/// What a network that could do its task before it was trained here was worth then.
void add_before(const MetricsReport& before, MetricsReport& after) {
  for (MetricValue value : before.values) {
    value.name += "_before";
    value.title += " before training";
    value.baseline.reset();
    after.values.push_back(std::move(value));
  }
}

}  // namespace

/// The finish is never worse on validation than the best phase.
void TrainingRun::choose() {
  winner_ = static_cast<std::size_t>(state_.best.phase());
  network_ = with_parameters(grown_, state_.best.weights());
  report_.phases.at(winner_).best = true;
  if (phases_.size() > 1) tell_best();
  network_ = context_.task->finished(network_);
  kept_ = winner_;
}

/// The winner beside what the last phase ended with, on the figure that both of them have.
void TrainingRun::tell_best() {
  PhaseReport& best = report_.phases.at(winner_);
  const std::size_t last = state_.finished.size() - 1;
  if (!state_.best.score())
    return progress_.result(fmt::format("no metric was measured to choose by: {} is kept", best.name));
  const auto both = on_one_figure(state_.best.score(), state_.finished.back().score);
  const MetricsReport measured = MetricSet(phase_metrics(context_)).report();
  const std::string score = score_words(both ? both->first : *state_.best.score(), measured, folds_.size() + 1);
  if (!folds_.empty()) best.score = score;
  std::string text = fmt::format("best: {}, {}", best.name, score);
  if (last != winner_ && both)
    text += fmt::format("; {} ended at {}", report_.phases.at(last).name, score_words(both->second, measured));
  progress_.result(text);
}

MetricsReport TrainingRun::metrics_of(const Graph& network, const std::vector<std::size_t>& positions,
                                      std::function<void(std::size_t, const Judged&)> judged, Metric* instead) {
  FeatureSource source{.preprocessor = context_.preprocessor, .precision = state_.notes.at(kept_).prefix};
  source.description = description(phases_[winner_].train_from);
  const MeasuredNetwork measured{.network = network,
                                 .cut = phases_[winner_].train_from,
                                 .source = std::move(source),
                                 .task = *context_.task,
                                 .windows = &windows_,
                                 .ready = context_.ready,
                                 .judged = std::move(judged),
                                 .groups = group_names_,
                                 .instead = instead};
  const NetworkMetrics found = network_metrics(measured, data_.all, positions, context_.extraction, progress_);
  if (!found.skipped.empty())
    progress_.notice(fmt::format(
        "{} of {} {} could be read at first and no longer can: the metrics are of the others (first: {})",
        found.skipped.size(), positions.size(), nouns_of(data_.all->info().inputs), found.skipped.front().reason));
  return found.metrics;
}

/// What follows from what the finished network says of the examples that were learned from.
void TrainingRun::settle() {
  const std::unique_ptr<Settling> settling = context_.task->settling();
  if (settling == nullptr) return;
  timings_.begin("settle");
  (void)metrics_of(network_, positions_of(roles_.train), {}, settling.get());
  context_.task = settling->settled();
  progress_.result(settling->words());
}

void TrainingRun::evaluate() {
  timings_.begin("evaluate");
  PrefixPrecision precision;
  if (const auto known = precisions_.find(kept_); known != precisions_.end()) precision = known->second;
  if (precision.reason.empty())
    precision.reason = precisions_.contains(kept_) ? "nothing is frozen" : "as before the interruption";
  precision.requested = report_.recipe.run.precision;
  precision.chosen = state_.notes.at(kept_).prefix;
  report_.precision = plain(precision);
  report_.test = metrics_of(network_, test_,
                            [&](std::size_t position, const Judged& judged) { mistakes_.offer(position, judged); });
  if (began_able()) add_before(metrics_of(context_.task->finished(grown_), test_), report_.test);
  measure_written();
  if (context_.task->kind().foretells) write_texts();
  for (const std::string& sentence : worse_than_baseline(report_.test)) progress_.notice("test: " + sentence);
  if (const std::string doubt = no_better_on_held_out(report_); !doubt.empty()) progress_.notice(doubt);
  if (!roles_.validation.empty() && !report_.validation)
    report_.validation = metrics_of(network_, positions_of(roles_.validation));
}

/// What a language model makes of what it has learned is no figure of its task: where it cannot write, it is saved.
void TrainingRun::write_texts() {
  try {
    WrittenTexts written = written_texts({.network = network_,
                                          .preprocessor = *context_.preprocessor,
                                          .dataset = *data_.all,
                                          .training = positions_of(roles_.train),
                                          .test = test_,
                                          .seed = context_.settings.random_seed(),
                                          .threads = context_.extraction.threads},
                                         progress_);
    if (written.figures.rows.empty()) return;
    progress_.notice("it writes, behind the beginning of a test example: " +
                     Json(written.sample).dump(-1, ' ', false, Json::error_handler_t::replace));
    report_.test.tables.push_back(std::move(written.figures));
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::interrupted) throw;
    progress_.notice(fmt::format("no texts of its own in the report: {}", error.what()));
  }
}

void TrainingRun::save() {
  timings_.begin("save");
  Graph saved = without_training_nodes(network_);
  keep_answer(saved);
  saved = without_dead_nodes(saved);
  report_.recipe.phases = phases_;
  report_.recipe.training.time_limit.clear();  // it is in the epochs
  const std::string& cut = phases_[winner_].train_from;
  const DatasetPtr few =
      report_.recipe.output.sample_inputs ? real_examples(data_.all, test_) : made_up_examples(context_.preprocessor);
  TensorMap golden = golden_tensors(
      *few, {.network = saved, .cut = cut, .preprocessor = context_.preprocessor, .description = description(cut)},
      context_.extraction);
  audit_saved(saved, golden,
              {.backbone = backbone_.graph,
               .phases = phases_,
               .stages = context_.stages,
               .random_weights = context_.random_weights,
               .path = report_.recipe.output.path});
  report_.seconds = timings_.rows();
  report_.next = next_step(report_, backbone_.spec, own_rate_);
  const FinishedNetwork finished{.backbone = backbone_,
                                 .preprocessor = context_.preprocessor,
                                 .graph = saved,
                                 .cut = cut,
                                 .task = *context_.task,
                                 .learned_from = learned_from()};
  write_bundle(make_bundle(finished, std::move(golden), report_), report_.recipe.output.path,
               report_.recipe.output.replace);
  if (checkpoints_) checkpoints_->remove();
  report_.model = report_.recipe.output.path;
  write_report_of(finished);
  timings_.end();
  report_.seconds = timings_.rows();
}

void TrainingRun::write_report_of(const FinishedNetwork& finished) {
  try {
    const std::vector<std::size_t> training = positions_of(roles_.train);
    report_.report = write_report(finished, report_, {*data_.all, training, mistakes_});
  } catch (const Error& error) {
    ErrorText text = error.text();
    text.found += fmt::format("; the report is missing, but the model at {} is complete", report_.model.string());
    throw Error(error.kind(), std::move(text));
  }
}

/// By their contents: what was trained on, and what chose epochs and phases.
std::vector<std::uint64_t> TrainingRun::learned_from() const {
  std::vector<std::uint64_t> hashes;
  for (const std::size_t row : roles_.train) hashes.push_back(readable_.contents[row].high);
  if (!solves_only())
    for (const std::size_t row : roles_.validation) hashes.push_back(readable_.contents[row].high);
  return hashes;
}

std::vector<std::size_t> TrainingRun::positions_of(const std::vector<std::size_t>& rows) const {
  std::vector<std::size_t> positions;
  positions.reserve(rows.size());
  for (const std::size_t row : rows) positions.push_back(readable_.positions[row]);
  return positions;
}

}  // namespace enxerto
