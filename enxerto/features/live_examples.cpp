#include "enxerto/features/live_examples.h"

#include <algorithm>
#include <utility>

#include "enxerto/base/collate.h"
#include "enxerto/base/threads.h"
#include "enxerto/base/to_size.h"
#include "enxerto/base/varying.h"
#include "enxerto/features/contents.h"
#include "enxerto/features/prefix_batches.h"
#include "enxerto/features/row_key.h"

namespace enxerto {
namespace {

/// What is worth to go to another thread for: 16 inputs of 3 x 32 x 32.
constexpr std::size_t kBytesPerTask = std::size_t{16} * 3 * 32 * 32 * sizeof(float);
constexpr std::size_t kMostPerTask = 32;

}  // namespace

struct LiveExamples::Request {
  std::span<const std::size_t> positions;
  std::uint64_t epoch;
  bool changes;
};

LiveExamples::LiveExamples(const Dataset& dataset, FeatureSource source, int threads, PadOptions padding)
    : dataset_(dataset),
      source_(std::move(source)),
      threads_(resolve_threads(threads)),
      padding_(padding),
      changes_(!source_.preprocessor->random_changes(source_.augmentation).empty()),
      prefix_(source_, threads_, 0) {}

template <typename Use>
void LiveExamples::read(std::size_t position, const Request& request, const Use& use) const {
  const std::unique_ptr<Example> example = dataset_.get(position);
  const std::vector<Field> fields = fields_of(dataset_, *example);
  const std::string id = example->id();
  View view{.where = id};
  if (request.changes) {
    view.augment = &source_.augmentation;
    view.key = view_key(source_.augment_seed, request.epoch, content_hash(field_hashes(fields)));
  }
  use(std::span<const Field>(fields), view);
}

TensorMap LiveExamples::preprocessed(const Request& request) const {
  const std::size_t count = request.positions.size();
  BatchInputs batch(source_.preprocessor->inputs(), count);
  const std::size_t step = examples_in(kBytesPerTask, values(), kMostPerTask);
  parallel_for(threads_, (count + step - 1) / step, [&](std::size_t task) {
    for (std::size_t i = task * step; i < std::min(count, (task + 1) * step); ++i) {
      BatchInputs::Slots slots = batch.slots(i);
      read(request.positions[i], request,
           [&](std::span<const Field> fields, const View& view) { source_.preprocessor->encode(fields, view, slots); });
    }
  });
  const TensorMap inputs = batch.collect(count, padding_);
  TensorMap kept;
  for (const InputSpec& value : values()) kept.set(value.name, inputs.at(value.name));
  return kept;
}

void LiveExamples::through_prefix(const Request& request, std::size_t begin, std::size_t end,
                                  std::span<std::vector<Tensor>> rows) {
  PrefixBatches batches(prefix_, [&](const PrefixBatches::Batch& batch) {
    for (std::size_t i = 0; i < batch.examples.size(); ++i)
      rows[batch.examples[i]] = prefix_.values().of(batch.outputs, i, batch.lengths[i]);
  });
  for (std::size_t i = begin; i < end; ++i)
    read(request.positions[i], request,
         [&](std::span<const Field> fields, const View& view) { batches.add(i, fields, view); });
  batches.finish();
}

std::vector<std::vector<Tensor>> LiveExamples::records_of_prefix(const Request& request) {
  const std::size_t count = request.positions.size(), step = prefix_.batch();
  std::vector<std::vector<Tensor>> rows(count);
  parallel_for(threads_, (count + step - 1) / step, [&](std::size_t task) {
    through_prefix(request, task * step, std::min(count, (task + 1) * step), rows);
  });
  return rows;
}

std::vector<std::vector<Tensor>> LiveExamples::records_of_inputs(const Request& request) const {
  const std::span<const InputSpec> inputs = source_.preprocessor->inputs();
  std::vector<std::vector<Tensor>> rows(request.positions.size());
  parallel_for(threads_, rows.size(), [&](std::size_t i) {
    OwnSlots slots(inputs);
    read(request.positions[i], request,
         [&](std::span<const Field> fields, const View& view) { source_.preprocessor->encode(fields, view, slots); });
    const std::vector<Tensor> encoded = slots.take();
    for (const InputSpec& value : values())
      rows[i].push_back(encoded[to_size(std::ranges::find(inputs, value.name, &InputSpec::name) - inputs.begin())]);
  });
  return rows;
}

std::vector<std::size_t> LiveExamples::lengths(std::span<const std::size_t> positions) const {
  const std::span<const InputSpec> inputs = source_.preprocessor->inputs();
  std::vector<std::size_t> lengths(positions.size());
  if (std::ranges::all_of(inputs, &InputSpec::fixed)) return lengths;
  parallel_for(threads_, lengths.size(), [&](std::size_t i) {
    OwnSlots slots(inputs);
    read(positions[i], {.positions = positions, .epoch = 0, .changes = false},
         [&](std::span<const Field> fields, const View& view) { source_.preprocessor->encode(fields, view, slots); });
    const std::vector<Tensor> encoded = slots.take();
    std::int64_t longest = 0;
    for (std::size_t input = 0; input < inputs.size(); ++input)
      longest = std::max(longest, longest_varying(inputs[input], encoded[input].shape()));
    lengths[i] = to_size(padding_.padded(longest));
  });
  return lengths;
}

TensorMap LiveExamples::get(std::span<const std::size_t> positions, std::uint64_t epoch, bool augmented) {
  const Request request{.positions = positions, .epoch = epoch, .changes = augmented && changes_};
  if (source_.prefix.nodes.empty()) return preprocessed(request);
  const std::vector<std::vector<Tensor>> rows = records_of_prefix(request);
  const std::vector<RowView> views(rows.begin(), rows.end());
  return collate(views, layout(), padding_);
}

std::vector<std::vector<Tensor>> LiveExamples::records(std::span<const std::size_t> positions, std::uint64_t epoch,
                                                       bool augmented) {
  const Request request{.positions = positions, .epoch = epoch, .changes = augmented && changes_};
  return source_.prefix.nodes.empty() ? records_of_inputs(request) : records_of_prefix(request);
}

}  // namespace enxerto
