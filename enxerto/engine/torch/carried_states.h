#pragma once
#include <ATen/core/Tensor.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "enxerto/engine/torch/training_state.h"
#include "enxerto/engine/trainer.h"

namespace enxerto {

/// What recurrent layers leave from one training step to the next (`TrainerOptions::carried`).
class CarriedStates {
 public:
  /// Zeros.
  CarriedStates(const Graph& graph, const TrainerOptions& options);

  /// Of input or output number `position` of the graph.
  bool is_input(std::size_t position) const;
  bool is_output(std::size_t position) const;

  /// The examples of a micro-batch: the first of them in the whole batch, how many, and which go on.
  struct Examples {
    std::int64_t first = 0, count = 0;
    std::span<const std::uint8_t> continues = {};
  };

  /// Puts the states of `examples` into their places among the graph's inputs.
  void enter(std::span<at::Tensor> inputs, const Examples& examples) const;

  /// Remembers the states among the graph's outputs; they count from `keep` on.
  void collect(std::span<const at::Tensor> outputs, std::int64_t first);
  void keep();

  void add_state(TrainingState& state) const;

 private:
  struct Slot {
    std::string name;
    std::size_t input = 0, output = 0;
    at::Tensor now, next;  // (directions, examples, hidden)
  };

  std::vector<Slot> slots_;
};

}  // namespace enxerto
