#include "enxerto/workflow/network_metrics.h"

#include <algorithm>
#include <string>

#include "enxerto/base/collate.h"
#include "enxerto/engine/executor.h"
#include "enxerto/metrics/metric_set.h"
#include "enxerto/tasks/image_classification.h"
#include "enxerto/tasks/task_metrics.h"
#include "enxerto/transfer/phase_cut.h"

namespace enxerto {
namespace {

constexpr std::size_t kBatch = 64;

}  // namespace

NetworkMetrics network_metrics(const MeasuredNetwork& measured, const Dataset& dataset, const ExtractOptions& options,
                               Progress& progress) {
  Halves halves = cut_for_phase(measured.network, measured.cut);
  std::erase_if(halves.suffix.outputs, [](const Value& value) { return value.name != image_classification::kOutput; });
  FeatureSource source = measured.source;
  source.prefix = std::move(halves.prefix);
  const Extracted features = extract(dataset, source, options, progress);
  MetricSet metrics(metrics_for(measured.task, dataset.info().target.names, measured.baseline));
  const std::size_t batch = std::min(kBatch, std::max<std::size_t>(features.stored.size(), 1));
  const auto executor =
      compile(halves.suffix, {.threads = options.threads, .streams = 1, .batch = static_cast<int>(batch)});
  for (std::size_t begin = 0; begin < features.stored.size(); begin += batch) {
    throw_if_cancelled(progress);
    const std::size_t end = std::min(begin + batch, features.stored.size());
    const std::span<const std::size_t> rows(features.positions.data() + begin, end - begin);
    TensorMap targets;
    targets.set(std::string(kTarget), target_batch(dataset, rows));
    metrics.update(executor->run(collate(features.stored, begin, end)), targets);
  }
  return {.metrics = metrics.report(),
          .examples = features.stored.size(),
          .computed = features.computed,
          .cached = features.cached,
          .skipped = features.skipped};
}

}  // namespace enxerto
