#include "enxerto/workflow/network_metrics.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "enxerto/base/collate.h"
#include "enxerto/data/target_batch.h"
#include "enxerto/engine/executor.h"
#include "enxerto/heads/head.h"
#include "enxerto/metrics/metric_set.h"
#include "enxerto/transfer/graft.h"
#include "enxerto/transfer/phase_cut.h"

namespace enxerto {
namespace {

constexpr std::size_t kBatch = 64;

/// Positions in the whole data set in place of those in the part.
Extracted of_whole(Extracted part, const std::vector<std::size_t>& positions) {
  for (std::size_t& position : part.positions) position = positions.at(position);
  return part;
}

void judge_each(const MeasuredNetwork& measured, const Dataset& dataset, std::span<const std::size_t> positions,
                const TensorMap& outputs) {
  for (std::size_t row = 0; row < positions.size(); ++row) {
    TensorMap one;
    const auto at = static_cast<std::int64_t>(row);
    for (const auto& [name, output] : outputs) one.set(name, output.rows(at, at + 1));
    measured.judged(positions[row], measured.task.judge(one, dataset.target(positions[row])));
  }
}

}  // namespace

NetworkMetrics network_metrics(const MeasuredNetwork& measured, const DatasetPtr& dataset,
                               const std::vector<std::size_t>& positions, const ExtractOptions& options,
                               Progress& progress) {
  Halves halves = cut_for_phase(measured.network, measured.cut);
  keep_answer(halves.suffix);
  FeatureSource source = measured.source;
  source.prefix = std::move(halves.prefix);
  std::optional<Extracted> ready = measured.ready ? measured.ready->of(source, positions) : std::nullopt;
  const Extracted features =
      ready ? std::move(*ready) : of_whole(extract(*subset(dataset, positions), source, options, progress), positions);
  MetricSet metrics(measured.task.metrics());
  const std::size_t batch = std::min(kBatch, std::max<std::size_t>(features.stored.size(), 1));
  const auto executor =
      compile(halves.suffix, {.threads = options.threads, .streams = 1, .batch = static_cast<int>(batch)});
  for (std::size_t begin = 0; begin < features.stored.size(); begin += batch) {
    throw_if_cancelled(progress);
    const std::size_t end = std::min(begin + batch, features.stored.size());
    const std::span<const std::size_t> rows(features.positions.data() + begin, end - begin);
    TensorMap targets;
    targets.set(std::string(kTarget), target_batch(*dataset, rows));
    const TensorMap outputs = executor->run(collate(features.stored, begin, end));
    metrics.update(outputs, targets);
    if (measured.judged) judge_each(measured, *dataset, rows, outputs);
  }
  return {.metrics = metrics.report(),
          .examples = features.stored.size(),
          .computed = features.computed,
          .cached = features.cached,
          .skipped = features.skipped,
          .contents = features.contents};
}

}  // namespace enxerto
