#pragma once
#include <cstddef>
#include <deque>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "enxerto/base/tensor_map.h"
#include "enxerto/media/batch_inputs.h"
#include "enxerto/tasks/task.h"
#include "enxerto/tasks/window_outputs.h"

namespace enxerto {

/// Examples on their way through a network, for one thread: each is encoded, window after window where it is divided,
/// batches are run when they are full, and what is said of an example's windows is joined.
class ExampleRunner {
 public:
  struct Model {
    const Preprocessor& preprocessor;
    const Task& task;
    std::function<TensorMap(const TensorMap&)> run;
    ReadingOptions reading = {};
  };
  /// What the network says of an example, as `Task::read` takes it; of one that is divided the places are the first
  /// window's.
  using Done = std::function<void(std::size_t example, const TensorMap& outputs, std::span<const Field> fields,
                                  const Alignment& alignment)>;

  /// `batch` rows are run at once. `done` is called by `add` and `finish`, in the order of `add`.
  ExampleRunner(Model model, std::size_t batch, Done done);

  /// Throws as `Preprocessor::encode`, and then `done` is never called for it.
  void add(std::size_t example, std::vector<Field> fields, std::string_view where);
  void finish();

 private:
  struct Waiting {
    std::size_t example = 0, windows = 1;
    std::vector<Field> fields;
    WindowOutputs outputs = {};
    bool bad = false;
  };
  void run();
  void hand_over();

  Model model_;
  std::size_t batch_;
  Done done_;
  BatchInputs inputs_;
  std::deque<Waiting> waiting_;                       // in the order of `add`
  std::vector<std::pair<std::size_t, Tensor>> rows_;  // of the batch: the number of its example, and its map
  std::size_t first_ = 0;                             // number of the first that waits
};

}  // namespace enxerto
