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
  /// Zeros. Examples are the first dimension of an input of the graph.
  CarriedStates(const Graph& graph, const TrainerOptions& options);

  /// Of input or output number `position` of the graph.
  bool is_input(std::size_t position) const;
  bool is_output(std::size_t position) const;

  /// Puts the states of a micro-batch into their places among the graph's inputs. `first`: the place of its first
  /// example in the whole batch; `continues`: as `TrainBatch` has it.
  void enter(std::span<at::Tensor> inputs, std::int64_t first, std::span<const std::uint8_t> continues) const;

  /// Remembers the states among the graph's outputs, as far as a batch may have so many; they count from `keep` on.
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
  std::size_t batch_input_ = 0;  // whose first dimension is the number of examples
};

}  // namespace enxerto
