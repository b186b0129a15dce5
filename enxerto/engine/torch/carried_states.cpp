#include "enxerto/engine/torch/carried_states.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "enxerto/engine/torch/tensors.h"

namespace enxerto {
namespace {

std::size_t place_of(const std::string& name, const std::vector<Value>& values) {
  return static_cast<std::size_t>(std::ranges::find(values, name, &Value::name) - values.begin());
}

}  // namespace

CarriedStates::CarriedStates(const Graph& graph, const TrainerOptions& options) {
  for (const KeptState& value : options.carried) {
    Slot slot{.name = value.input,
              .input = place_of(value.input, graph.inputs),
              .output = place_of(value.output, graph.outputs),
              .now = {},
              .next = {}};
    const Value& input = graph.inputs.at(slot.input);
    slot.now = at::zeros({input.shape.at(0).size, options.carried_examples, input.shape.at(2).size},
                         at::TensorOptions(to_torch(input.dtype)));
    slot.next = at::zeros_like(slot.now);
    slots_.push_back(std::move(slot));
  }
  while (batch_input_ < graph.inputs.size() && (is_input(batch_input_) || graph.inputs[batch_input_].shape.empty() ||
                                                !graph.inputs[batch_input_].shape.front().is_symbolic()))
    ++batch_input_;
}

bool CarriedStates::is_input(std::size_t position) const {
  return std::ranges::find(slots_, position, &Slot::input) != slots_.end();
}

bool CarriedStates::is_output(std::size_t position) const {
  return std::ranges::find(slots_, position, &Slot::output) != slots_.end();
}

void CarriedStates::enter(std::span<at::Tensor> inputs, std::int64_t first,
                          std::span<const std::uint8_t> continues) const {
  if (slots_.empty()) return;
  const std::int64_t count = inputs[batch_input_].size(0);
  const at::Tensor flags = at::from_blob(const_cast<std::uint8_t*>(continues.data()),
                                         {1, static_cast<std::int64_t>(continues.size()), 1}, at::kByte);
  for (const Slot& slot : slots_)
    inputs[slot.input] = continues.empty()
                             ? at::zeros({slot.now.size(0), count, slot.now.size(2)}, slot.now.options())
                             : at::mul(slot.now.narrow(1, first, count), flags.to(slot.now.scalar_type()));
}

void CarriedStates::collect(std::span<const at::Tensor> outputs, std::int64_t first) {
  for (const Slot& slot : slots_) {
    const at::Tensor state = outputs[slot.output].detach();
    if (first + state.size(1) <= slot.next.size(1)) slot.next.narrow(1, first, state.size(1)).copy_(state);
  }
}

void CarriedStates::keep() {
  for (const Slot& slot : slots_) slot.now.copy_(slot.next);
}

void CarriedStates::add_state(TrainingState& state) const {
  for (const Slot& slot : slots_) state.add("carried/" + slot.name, slot.now);
}

}  // namespace enxerto
