#include "enxerto/training/evaluate_source.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "enxerto/base/error.h"
#include "enxerto/training/batch_prefetch.h"

namespace enxerto {
namespace {

std::vector<std::size_t> all_of(const BatchSource& source) {
  std::vector<std::size_t> numbers(source.size());
  std::iota(numbers.begin(), numbers.end(), std::size_t{0});
  return numbers;
}

double loss_of(const std::vector<Tensor>& outputs) {
  if (!outputs.empty() && outputs.front().size() == 1) return outputs.front().to_float32().as<float>().front();
  throw Error(
      ErrorKind::weights,
      {.where = "trained network", .found = "its first output is no single number", .expected = "the loss", .tip = ""});
}

void update(MetricSet& metrics, const std::vector<std::string>& names, const std::vector<Tensor>& outputs,
            const Tensor& target) {
  TensorMap named, targets;
  for (std::size_t i = 0; i < std::min(names.size(), outputs.size()); ++i) named.set(names[i], outputs[i]);
  targets.set(std::string(kTarget), target);
  metrics.update(named, targets);
}

}  // namespace

double evaluate_source(Trainer& trainer, BatchSource& source, std::span<const std::size_t> examples, MetricSet* metrics,
                       const EvaluateSourceOptions& options, const Progress& progress) {
  if (metrics != nullptr) metrics->reset();
  const std::vector<std::size_t> numbers =
      examples.empty() ? all_of(source) : std::vector<std::size_t>(examples.begin(), examples.end());
  if (numbers.empty()) return std::numeric_limits<double>::quiet_NaN();
  BatchPrefetch batches(source, plain_batches(numbers, std::max<std::int64_t>(options.batch_size, 1)), options.epoch);
  double sum = 0;
  for (std::size_t i = 0; i < batches.batches().size(); ++i) {
    throw_if_cancelled(progress);
    const TrainBatch batch = std::move(batches.next().front());
    const std::vector<Tensor> outputs = trainer.evaluate(batch.inputs, options.averaged);
    sum += loss_of(outputs) * static_cast<double>(batch.examples);
    if (metrics != nullptr) update(*metrics, options.outputs, outputs, batch.inputs.back());
  }
  return sum / static_cast<double>(numbers.size());
}

}  // namespace enxerto
