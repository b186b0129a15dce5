#include "enxerto/training/evaluate_source.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/training/batch_prefetch.h"

namespace enxerto {
namespace {

std::vector<std::size_t> all_of(const BatchSource& source) {
  std::vector<std::size_t> numbers(source.size());
  std::iota(numbers.begin(), numbers.end(), std::size_t{0});
  return numbers;
}

class Unmixed final : public BatchSource {
 public:
  explicit Unmixed(BatchSource& source) : source_(source) {}
  std::size_t size() const override { return source_.size(); }
  std::string name(std::size_t example) const override { return source_.name(example); }
  bool is_quick() const override { return source_.is_quick(); }
  TrainBatch get(std::span<const std::size_t> examples, std::uint64_t epoch) override {
    return source_.unmixed(examples, epoch);
  }

 private:
  BatchSource& source_;
};

/// Examples are judged by the plain loss, where the one that is learned by is another.
double loss_of(const TensorMap& outputs) {
  const Tensor* first = outputs.find("plain_loss");
  if (first == nullptr && !outputs.empty()) first = &outputs.begin()->second;
  if (first != nullptr && first->size() == 1) return first->to_float32().as<float>().front();
  throw weights_error("trained network", "its first output is not a single number", "the loss");
}

void require_finite(const TensorMap& outputs) {
  for (const auto& [name, tensor] : outputs) {
    if (std::ranges::all_of(tensor.as<float>(), [](float value) { return std::isfinite(value); })) continue;
    throw Error(ErrorKind::diverged,
                {.where = name, .found = fmt::format("'{}' is not finite", name), .expected = "finite numbers"});
  }
}

/// Of like lengths, the longest first.
std::vector<MicroBatches> judged_batches(const BatchSource& source, std::vector<std::size_t> numbers,
                                         const EvaluateSourceOptions& options) {
  const bool by_tokens = options.batch_tokens > 0;
  const std::vector<std::size_t> lengths = batch_lengths(source, options.batch_tokens, "evaluation");
  if (!lengths.empty())
    std::ranges::stable_sort(numbers, std::ranges::greater(), [&](std::size_t i) { return lengths[i]; });
  if (by_tokens)
    return token_batches(numbers, lengths, {.examples = options.batch_size, .tokens = options.batch_tokens});
  return plain_batches(numbers, std::max<std::int64_t>(options.batch_size, 1));
}

}  // namespace

double evaluate_source(Trainer& trainer, BatchSource& source, std::span<const std::size_t> examples, MetricSet* metrics,
                       const EvaluateSourceOptions& options, const Progress& progress) {
  if (metrics != nullptr) metrics->reset();
  std::vector<std::size_t> numbers =
      examples.empty() ? all_of(source) : std::vector<std::size_t>(examples.begin(), examples.end());
  if (numbers.empty()) return std::numeric_limits<double>::quiet_NaN();
  Unmixed each(source);
  BatchPrefetch batches(options.unmixed ? each : source, judged_batches(source, std::move(numbers), options),
                        options.epoch);
  double sum = 0, weight = 0;
  for (std::size_t i = 0; i < batches.batches().size(); ++i) {
    throw_if_cancelled(progress);
    const TrainBatch batch = std::move(batches.next().front());
    const TensorMap outputs = trainer.evaluate(batch.inputs, options.averaged);
    require_finite(outputs);
    sum += loss_of(outputs) * batch.weight;
    weight += batch.weight;
    if (metrics != nullptr) metrics->update(outputs, batch.inputs);
  }
  return sum / weight;
}

}  // namespace enxerto
