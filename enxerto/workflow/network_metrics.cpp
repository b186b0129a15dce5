#include "enxerto/workflow/network_metrics.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/collate.h"
#include "enxerto/base/input_spec.h"
#include "enxerto/base/quantity.h"
#include "enxerto/data/example_fields.h"
#include "enxerto/data/target_batch.h"
#include "enxerto/data/target_kind.h"
#include "enxerto/engine/executor.h"
#include "enxerto/features/kept_values.h"
#include "enxerto/graph/infer.h"
#include "enxerto/heads/head.h"
#include "enxerto/metrics/grouped_intervals.h"
#include "enxerto/metrics/metric_set.h"
#include "enxerto/tasks/window_outputs.h"
#include "enxerto/transfer/graft.h"
#include "enxerto/transfer/phase_cut.h"

namespace enxerto {
namespace {

constexpr std::size_t kBatch = 64;
constexpr std::size_t kLargestValue = std::size_t{256} << 20;  // that the largest value of a batch takes

/// Examples that are judged at a time: fewer where the network makes much of each (a score for every word).
std::size_t judged_at_once(const Graph& network, std::size_t examples) {
  std::size_t largest = 1;
  for (const auto& [name, type] : infer_shapes(network)) {
    if (type.shape.empty() || !type.shape.front().is_symbolic()) continue;
    std::size_t bytes = size_of(type.dtype);
    for (const Dim& dim : std::span(type.shape).subspan(1))
      bytes *= static_cast<std::size_t>(dim.is_symbolic() ? kUsualLength : dim.size);
    largest = std::max(largest, bytes);
  }
  return std::clamp<std::size_t>(kLargestValue / largest, 1, std::min(kBatch, std::max<std::size_t>(examples, 1)));
}

/// Positions in the whole data set in place of those in the part.
Extracted of_whole(Extracted part, const std::vector<std::size_t>& positions) {
  for (std::size_t& position : part.positions) position = positions.at(position);
  return part;
}

/// The values of a batch's rows that targets depend on.
TensorMap kept_of(const TensorMap& values, const std::vector<std::string>& names) {
  TensorMap kept;
  for (const std::string& name : names)
    kept.set(name, name == kAlignment ? values.at(name).to_float32() : values.at(name));
  return kept;
}

/// Row number `row` of each tensor, as a batch of one.
TensorMap one_row(const TensorMap& batch, std::size_t row) {
  TensorMap one;
  const auto at = static_cast<std::int64_t>(row);
  for (const auto& [name, tensor] : batch) one.set(name, tensor.rows(at, at + 1));
  return one;
}

void judge_each(const MeasuredNetwork& measured, const Dataset& dataset, std::span<const std::size_t> positions,
                const TensorMap& outputs) {
  for (std::size_t row = 0; row < positions.size(); ++row)
    measured.judged(positions[row], measured.task.judge(one_row(outputs, row), dataset.target(positions[row])));
}

/// Targets that have a shape of their own each, and may be large.
bool are_varying(const Dataset& dataset) {
  const TargetKind* const kind = find_target_kind(dataset.info().target.kind);
  return kind != nullptr && kind->varying;
}

/// Those are looked at one by one.
void measure(MetricSet& metrics, GroupedIntervals& intervals, const Dataset& dataset,
             std::span<const std::size_t> positions, const TensorMap& outputs, const TensorMap& kept) {
  const std::size_t step = are_varying(dataset) ? 1 : std::max<std::size_t>(positions.size(), 1);
  for (std::size_t row = 0; row < positions.size(); row += step) {
    TensorMap targets;
    targets.set(std::string(kTarget), target_batch(dataset, positions.subspan(row, step)));
    targets.merge(step == 1 ? one_row(kept, row) : kept);
    metrics.update(step == 1 ? one_row(outputs, row) : outputs, targets);
    intervals.add(outputs, targets);
  }
}

/// One that belongs to somebody else.
class Borrowed final : public Metric {
 public:
  explicit Borrowed(Metric& metric) : metric_(metric) {}
  void update(const TensorMap& outputs, const TensorMap& targets) override { metric_.update(outputs, targets); }
  void report(MetricsReport& report) const override { metric_.report(report); }
  void reset() override { metric_.reset(); }

 private:
  Metric& metric_;
};

std::vector<std::unique_ptr<Metric>> metrics_of(const MeasuredNetwork& measured) {
  if (measured.instead == nullptr) return measured.task.metrics_of_read(measured.reading);
  std::vector<std::unique_ptr<Metric>> one;
  one.push_back(std::make_unique<Borrowed>(*measured.instead));
  return one;
}

/// Rows, one after the other, put together again to examples.
class ExamplesOfRows {
 public:
  ExamplesOfRows(const MeasuredNetwork& measured, const Dataset& examples, MetricSet& metrics,
                 GroupedIntervals& intervals)
      : measured_(measured), examples_(examples), metrics_(metrics), intervals_(intervals) {}

  /// Row number `row` of the outputs is a window of the example at `position`, whose last one completes it.
  void add(std::size_t position, const TensorMap& outputs, std::size_t row) {
    if (waiting_.size() == 0) {
      const std::unique_ptr<Example> example = examples_.get(position);
      id_ = example->id();
      fields_ = fields_of(examples_, *example);
    }
    const std::vector<Field> window = windowed(fields_, waiting_.size());
    waiting_.add(outputs, row, map_of(*measured_.source.preprocessor, window, id_));
    if (waiting_.size() == measured_.windows->windows_of(position)) complete(position);
  }

 private:
  void complete(std::size_t position) {
    const TensorMap outputs = waiting_.joined(measured_.task, fields_, {});
    waiting_ = {};
    const std::size_t one[] = {position};
    TensorMap targets;
    targets.set(std::string(kTarget), target_batch(examples_, one));
    metrics_.update(outputs, targets);
    intervals_.add(outputs, targets);
    if (measured_.judged) measured_.judged(position, measured_.task.judge(outputs, examples_.target(position)));
  }

  const MeasuredNetwork& measured_;
  const Dataset& examples_;
  MetricSet& metrics_;
  GroupedIntervals& intervals_;
  std::string id_;
  std::vector<Field> fields_;
  WindowOutputs waiting_;
};

bool is_divided(const MeasuredNetwork& measured) { return measured.windows != nullptr && measured.windows->divides(); }

/// What the examples at `positions` are at the cut. Of an example that cannot be read in all its windows there is none.
Extracted features_of(const MeasuredNetwork& measured, const FeatureSource& source, const DatasetPtr& dataset,
                      const std::vector<std::size_t>& positions, const ExtractOptions& options, Progress& progress) {
  if (std::optional<Extracted> ready = measured.ready ? measured.ready->of(source, positions) : std::nullopt)
    return std::move(*ready);
  if (!is_divided(measured))
    return of_whole(extract(*subset(dataset, positions), source, options, progress), positions);
  const std::vector<std::size_t> rows = measured.windows->rows_of(positions);
  return of_whole(extract(*subset(measured.windows->rows(), rows), source, options, progress), rows);
}

/// Which example each row of features is of. Where nothing is divided that is the row's own.
class RowExamples {
 public:
  RowExamples(const MeasuredNetwork& measured, const std::vector<std::size_t>& positions, const Extracted& features) {
    if (!is_divided(measured)) {
      examples_ = features.positions;
      contents_ = features.contents;
      return;
    }
    std::size_t row = 0;
    for (const std::size_t position : positions) {
      const std::size_t first = measured.windows->first_row(position);
      const std::size_t behind = first + measured.windows->windows_of(position);
      const std::size_t begin = row;
      while (row < features.positions.size() && features.positions[row] < behind) ++row;
      const bool complete = row - begin == behind - first;
      example_of_.insert(example_of_.end(), row - begin, complete ? std::optional(position) : std::nullopt);
      if (!complete) continue;
      examples_.push_back(position);
      contents_.push_back(features.contents[begin]);
    }
  }

  /// None for a row of an example of which another window could not be read.
  std::optional<std::size_t> complete(std::size_t row) const { return example_of_.at(row); }
  std::size_t count() const { return examples_.size(); }
  const std::vector<std::size_t>& positions() const { return examples_; }  ///< of those that are complete
  const std::vector<Hash128>& contents() const { return contents_; }

 private:
  std::vector<std::optional<std::size_t>> example_of_;
  std::vector<std::size_t> examples_;
  std::vector<Hash128> contents_;
};

/// What each example belongs to: its group, or all copies of it.
std::vector<std::string> groups_of(const MeasuredNetwork& measured, const RowExamples& rows) {
  std::vector<std::string> groups;
  for (std::size_t i = 0; i < rows.count(); ++i) {
    const std::string group = measured.groups.empty() ? "" : measured.groups[rows.positions()[i]];
    groups.push_back(group.empty() ? "copies " + rows.contents()[i].hex() : "group " + group);
  }
  return groups;
}

}  // namespace

NetworkMetrics network_metrics(const MeasuredNetwork& measured, const DatasetPtr& dataset,
                               const std::vector<std::size_t>& positions, const ExtractOptions& options,
                               Progress& progress) {
  Halves halves = cut_for_phase(measured.network, measured.cut);
  keep_answer(halves.suffix);
  FeatureSource source = measured.source;
  source.prefix = std::move(halves.prefix);
  const std::vector<std::string> kept = measured.task.row_values();
  source = keeping(std::move(source), kept);
  const Extracted features = features_of(measured, source, dataset, positions, options, progress);
  MetricSet metrics(metrics_of(measured));
  // Of what is said of pairs, an example that is drawn twice would be paired with itself.
  const TaskKind& kind = measured.task.kind();
  const bool are_alone = measured.instead == nullptr && !kind.of_pairs && !kind.has_gallery && !kind.of_strangers;
  GroupedIntervals intervals;
  if (!are_alone || are_varying(*dataset)) intervals.keep_nothing();
  ExamplesOfRows examples(measured, *dataset, metrics, intervals);
  const RowExamples of_rows(measured, positions, features);
  const std::size_t batch = judged_at_once(halves.suffix, features.stored.size());
  const auto executor =
      compile(halves.suffix, {.threads = options.threads, .streams = 1, .batch = static_cast<int>(batch)});
  for (std::size_t begin = 0; begin < features.stored.size(); begin += batch) {
    throw_if_cancelled(progress);
    const std::size_t end = std::min(begin + batch, features.stored.size());
    const TensorMap values = collate(features.stored, begin, end);
    const TensorMap outputs = executor->run(values);
    if (is_divided(measured)) {
      for (std::size_t row = begin; row < end; ++row)
        if (const auto example = of_rows.complete(row)) examples.add(*example, outputs, row - begin);
      continue;
    }
    const std::span<const std::size_t> rows(features.positions.data() + begin, end - begin);
    const TensorMap kept_values = kept_of(values, kept);
    measure(metrics, intervals, *dataset, rows, outputs, kept_values);
    TensorMap said = outputs;
    said.merge(kept_values);
    if (measured.judged) judge_each(measured, *dataset, rows, said);
  }
  MetricsReport report = metrics.report();
  if (are_alone && !intervals.replace(report, groups_of(measured, of_rows), [&] { return metrics_of(measured); }))
    progress.notice(fmt::format("intervals are over the {} {}, though some belong together: they are too narrow",
                                format_count(of_rows.count()), nouns_of(dataset->info().inputs)));
  return {.metrics = std::move(report),
          .examples = of_rows.count(),
          .computed = features.computed,
          .cached = features.cached,
          .skipped = features.skipped,
          .contents = of_rows.contents()};
}

}  // namespace enxerto
