#include "enxerto/workflow/network_metrics.h"

#include <algorithm>
#include <string>

#include "enxerto/engine/executor.h"
#include "enxerto/metrics/metric_set.h"
#include "enxerto/data/target_batch.h"
#include "enxerto/heads/head.h"
#include "enxerto/metrics/metric_set.h"
#include "enxerto/transfer/phase_cut.h"
#include "enxerto/workflow/row_block.h"

namespace enxerto {
namespace {

constexpr std::size_t kBatch = 64;

}  // namespace

NetworkMetrics network_metrics(const MeasuredNetwork& measured, const Dataset& dataset, const ExtractOptions& options,
                               Progress& progress) {
  Halves halves = cut_for_phase(measured.network, measured.cut);
  std::erase_if(halves.suffix.outputs, [](const Value& value) { return value.name != kHeadProbabilities; });
  FeatureSource source = measured.source;
  source.prefix = std::move(halves.prefix);
  const Extracted features = extract(dataset, source, options, progress);
  MetricSet metrics(measured.task.metrics());
  const std::size_t batch = std::min(kBatch, std::max<std::size_t>(features.rows.size(), 1));
  const auto executor =
      compile(halves.suffix, {.threads = options.threads, .streams = 1, .batch = static_cast<int>(batch)});
  for (std::size_t begin = 0; begin < features.rows.size(); begin += batch) {
    throw_if_cancelled(progress);
    const std::size_t end = std::min(begin + batch, features.rows.size());
    const Tensor block = row_block(features, begin, end);
    const std::span<const std::size_t> rows(features.positions.data() + begin, end - begin);
    TensorMap outputs, targets;
    outputs.set(std::string(kProbabilities), executor->run(block));
    targets.set(std::string(kTarget), target_batch(dataset, rows));
    metrics.update(outputs, targets);
  }
  return {.metrics = metrics.report(),
          .examples = features.rows.size(),
          .computed = features.computed,
          .cached = features.cached,
          .skipped = features.skipped};
}

}  // namespace enxerto
