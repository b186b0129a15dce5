#include "enxerto/features/batches.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "enxerto/features/compiled_prefixes.h"

namespace enxerto {
namespace {

/// Four inputs of 3 x 224 x 224: fastest on a processor, and little memory.
constexpr std::size_t kBytesPerBatch = std::size_t{4} * 3 * 224 * 224 * sizeof(float);
constexpr std::size_t kLargestBatch = 32;
/// Of examples whose lengths vary: what is left over of each length at the end runs as a whole batch.
constexpr std::size_t kLargestVaryingBatch = 16;

std::size_t usual_batch(std::span<const InputSpec> inputs) {
  const bool fixed = std::ranges::all_of(inputs, [](const InputSpec& spec) { return spec.fixed(); });
  return examples_in(kBytesPerBatch, inputs, fixed ? kLargestBatch : kLargestVaryingBatch);
}

}  // namespace

std::size_t examples_in(std::size_t bytes, std::span<const InputSpec> inputs, std::size_t most) {
  return std::clamp<std::size_t>(bytes / std::max<std::size_t>(example_bytes(inputs), 1), 1, most);
}

BatchPrefix::BatchPrefix(const FeatureSource& source, int threads, int batch,
                         std::shared_ptr<CompiledPrefixes> compiled)
    : source_(source),
      threads_(threads),
      batch_(batch > 0 ? static_cast<std::size_t>(batch) : usual_batch(source.preprocessor->inputs())),
      values_(source.prefix, source.preprocessor->inputs()),
      earlier_(std::move(compiled)) {}

Executor& BatchPrefix::executor() {
  std::call_once(once_, [&] {
    if (!earlier_) {
      executor_ = compiled();
      return;
    }
    Hash128Stream key;
    key.add(feature_space(source_)).add(static_cast<std::uint64_t>(threads_)).add(batch_);
    executor_ = earlier_->get(key.value(), [&] { return compiled(); });
  });
  return *executor_;
}

std::shared_ptr<Executor> BatchPrefix::compiled() const {
  return compile(
      source_.prefix,
      {.threads = threads_, .streams = threads_, .precision = source_.precision, .batch = static_cast<int>(batch_)});
}

TensorMap BatchPrefix::run(BatchInputs& inputs, std::size_t count) {
  const TensorMap batch = inputs.collect(count, kPrefixBuckets);
  return source_.prefix.nodes.empty() ? batch : executor().run(batch);
}

}  // namespace enxerto
