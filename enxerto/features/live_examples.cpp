#include "enxerto/features/live_examples.h"

#include <algorithm>
#include <utility>

#include "enxerto/base/aligned_bytes.h"
#include "enxerto/base/threads.h"
#include "enxerto/features/contents.h"

namespace enxerto {
namespace {

/// What is worth to go to another thread for: 16 pictures of 32 px.
constexpr std::size_t kBytesPerTask = std::size_t{16} * 3 * 32 * 32 * sizeof(float);
constexpr std::size_t kMostPerTask = 32;

}  // namespace

struct LiveExamples::Request {
  std::span<const std::size_t> positions;
  std::uint64_t epoch;
  bool changes;
};

LiveExamples::LiveExamples(const Dataset& dataset, FeatureSource source, int threads)
    : dataset_(dataset),
      source_(std::move(source)),
      threads_(resolve_threads(threads)),
      changes_(!source_.preprocessor->random_changes(source_.augmentation).empty()) {
  if (source_.prefix.nodes.empty()) {
    const auto inputs = source_.preprocessor->inputs();
    values_.assign(inputs.begin(), inputs.end());
    return;
  }
  prefix_ = std::make_unique<BatchPrefix>(source_, threads_, 0);
  values_ = {{.name = source_.prefix.outputs[0].name, .dtype = DType::f32, .shape = prefix_->row_shape()}};
}

void LiveExamples::encode(std::size_t position, const Request& request, InputSlots& out) const {
  const std::unique_ptr<Example> example = dataset_.get(position);
  const std::vector<Field> fields = fields_of(dataset_, *example);
  const std::string id = example->id();
  View view{.where = id};
  if (request.changes) {
    view.augment = &source_.augmentation;
    view.key = {.seed = source_.augment_seed,
                .epoch = request.epoch,
                .example = content_hash(field_hashes(fields)).low,
                .purpose = "augment"};
  }
  source_.preprocessor->encode(fields, view, out);
}

TensorMap LiveExamples::preprocessed(const Request& request) const {
  const std::size_t count = request.positions.size();
  BatchInputs batch(source_.preprocessor->inputs(), count);
  const std::size_t step = examples_in(kBytesPerTask, values_, kMostPerTask);
  parallel_for(threads_, (count + step - 1) / step, [&](std::size_t task) {
    for (std::size_t i = task * step; i < std::min(count, (task + 1) * step); ++i) {
      BatchInputs::Slots slots = batch.slots(i);
      encode(request.positions[i], request, slots);
    }
  });
  return batch.collect(count);
}

TensorMap LiveExamples::through_prefix(const Request& request) {
  const std::size_t width = element_count(prefix_->row_shape()), count = request.positions.size();
  Shape shape = prefix_->row_shape();
  shape.insert(shape.begin(), static_cast<std::int64_t>(count));
  const std::shared_ptr<std::byte> out = aligned_bytes(count * width * sizeof(float));
  auto* const floats = reinterpret_cast<float*>(out.get());
  const std::size_t step = prefix_->batch();
  parallel_for(threads_, (count + step - 1) / step, [&](std::size_t task) {
    const std::size_t begin = task * step, part = std::min(step, count - begin);
    BatchInputs inputs = prefix_->inputs();
    for (std::size_t i = 0; i < part; ++i) {
      BatchInputs::Slots slots = inputs.slots(i);
      encode(request.positions[begin + i], request, slots);
    }
    Tensor keep;
    const std::span<const float> rows = prefix_->run(inputs, part, keep);
    std::copy(rows.begin(), rows.end(), floats + begin * width);
  });
  TensorMap values;
  values.set(values_[0].name, {DType::f32, std::move(shape), out});
  return values;
}

TensorMap LiveExamples::get(std::span<const std::size_t> positions, std::uint64_t epoch, bool augmented) {
  const Request request{.positions = positions, .epoch = epoch, .changes = augmented && changes_};
  return prefix_ ? through_prefix(request) : preprocessed(request);
}

}  // namespace enxerto
