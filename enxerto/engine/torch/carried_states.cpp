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
  for (const CarriedValue& value : options.carried) {
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
}

bool CarriedStates::is_input(std::size_t position) const {
  return std::ranges::find(slots_, position, &Slot::input) != slots_.end();
}

bool CarriedStates::is_output(std::size_t position) const {
  return std::ranges::find(slots_, position, &Slot::output) != slots_.end();
}

void CarriedStates::enter(std::span<at::Tensor> inputs, const Examples& examples) const {
  for (const Slot& slot : slots_) {
    at::Tensor& state = inputs[slot.input];
    if (examples.continues.empty()) {
      state = at::zeros({slot.now.size(0), examples.count, slot.now.size(2)}, slot.now.options());
      continue;
    }
    at::Tensor kept = at::empty({1, examples.count, 1}, slot.now.options());
    for (std::int64_t i = 0; i < examples.count; ++i)
      kept[0][i] = static_cast<float>(examples.continues[static_cast<std::size_t>(i)]);
    state = at::mul(slot.now.narrow(1, examples.first, examples.count), kept);
  }
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
