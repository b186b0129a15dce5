#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "enxerto/tasks/task.h"

namespace enxerto {

/// What a network says of one example, window after window.
class WindowOutputs {
 public:
  /// Row number `row` of a batch's outputs, each (n, ..), and where the window's places went.
  void add(const TensorMap& batch, std::size_t row, Tensor map);

  std::size_t size() const { return rows_.size(); }

  /// Where the places of the first window went.
  const Tensor& map() const { return maps_.front(); }

  /// By `Task::joined`; what is shorter is filled up, outputs with 0.
  TensorMap joined(const Task& task, std::span<const Field> fields, const ReadingOptions& options) const;

 private:
  std::vector<TensorMap> rows_;  // (1, ..) each
  std::vector<Tensor> maps_;
};

}  // namespace enxerto
