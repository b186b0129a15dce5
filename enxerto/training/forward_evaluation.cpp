#include "enxerto/training/forward_evaluation.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include "enxerto/engine/executor.h"

namespace enxerto {
namespace {

constexpr std::size_t kBatch = 64;

}  // namespace

double forward_loss(const Graph& learner, BatchSource& source, MetricSet& metrics, int threads) {
  metrics.reset();
  if (source.size() == 0) return std::numeric_limits<double>::quiet_NaN();
  const std::size_t whole = std::min(kBatch, source.size());
  const auto executor = compile(learner, {.threads = threads, .streams = 1, .batch = static_cast<int>(whole)});
  double sum = 0, weight = 0;
  for (std::size_t begin = 0; begin < source.size(); begin += whole) {
    std::vector<std::size_t> examples(std::min(whole, source.size() - begin));
    std::iota(examples.begin(), examples.end(), begin);
    const TrainBatch batch = source.get(examples, 0);
    const TensorMap outputs = executor->run(batch.inputs);
    sum += static_cast<double>(outputs.begin()->second.to_float32().as<float>()[0]) * batch.weight;
    weight += batch.weight;
    metrics.update(outputs, batch.inputs);
  }
  return sum / weight;
}

}  // namespace enxerto
