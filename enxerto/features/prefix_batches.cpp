#include "enxerto/features/prefix_batches.h"

#include <algorithm>
#include <utility>

namespace enxerto {

PrefixBatches::PrefixBatches(BatchPrefix& prefix, std::function<void(const Batch&)> done)
    : prefix_(prefix),
      done_(std::move(done)),
      fixed_(std::ranges::all_of(prefix.preprocessor().inputs(), [](const InputSpec& spec) { return spec.fixed(); })) {}

PrefixBatches::Group& PrefixBatches::group_of(const std::vector<std::int64_t>& buckets) {
  const auto known = groups_.find(buckets);
  return known != groups_.end() ? known->second : groups_.emplace(buckets, Group(prefix_.inputs())).first->second;
}

void PrefixBatches::add(std::size_t example, std::span<const Field> fields, const View& view) {
  const std::span<const InputSpec> specs = prefix_.preprocessor().inputs();
  if (fixed_) {
    Group& group = group_of({});
    BatchInputs::Slots slots = group.inputs.slots(group.batch.examples.size());
    prefix_.preprocessor().encode(fields, view, slots);
    return added(group, example, {});
  }
  OwnSlots own(specs);
  prefix_.preprocessor().encode(fields, view, own);
  const std::vector<Tensor> inputs = own.take();
  std::vector<Shape> shapes;
  for (const Tensor& input : inputs) shapes.push_back(input.shape());
  Group& group = group_of(buckets_of(specs, shapes, kPrefixBuckets));
  BatchInputs::Slots slots = group.inputs.slots(group.batch.examples.size());
  for (std::size_t i = 0; i < inputs.size(); ++i)
    std::ranges::copy(inputs[i].bytes(), slots.slot(i, inputs[i].shape()).begin());
  added(group, example, shapes);
}

void PrefixBatches::added(Group& group, std::size_t example, std::span<const Shape> shapes) {
  group.batch.lengths.push_back(prefix_.values().lengths(shapes));
  group.batch.examples.push_back(example);
  ++waiting_;
  if (group.batch.examples.size() == prefix_.batch()) run(group);
}

void PrefixBatches::run(Group& group) {
  group.batch.outputs = prefix_.run(group.inputs, group.batch.examples.size());
  done_(group.batch);
  waiting_ -= group.batch.examples.size();
  group.batch = {};
}

void PrefixBatches::finish() {
  for (auto& [buckets, group] : groups_)
    if (!group.batch.examples.empty()) run(group);
}

}  // namespace enxerto
