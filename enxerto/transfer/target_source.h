#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "enxerto/base/tensor_map.h"
#include "enxerto/data/dataset.h"
#include "enxerto/tasks/task.h"

namespace enxerto {

/// What the examples of a part of the data are to be answered with, as the loss wants it: it asks the task. What a task
/// says is kept where it is small and depends on the example alone, and asked for again in every batch otherwise.
class TargetSource {
 public:
  /// An empty part.
  TargetSource() = default;

  /// Of the examples of `dataset` at these positions. Throws Error{data}, naming the example, for a target that does
  /// not fit.
  TargetSource(TaskPtr task, DatasetPtr dataset, std::vector<std::size_t> positions);

  /// Given tensors by name, (n, ..) each.
  explicit TargetSource(TensorMap targets);

  std::size_t size() const { return size_; }

  /// True where the targets of an example depend on what crosses the cut; `get` wants `rows` then.
  bool needs_rows() const { return !row_values_.empty(); }
  const std::vector<std::string>& row_values() const { return row_values_; }

  /// True where targets of several examples can be averaged (mixup): all are floats of a fixed shape.
  bool can_mix() const;

  /// Of these examples, stacked; `rows`, where they are needed, has the values of `Task::row_values` of each.
  TensorMap get(std::span<const std::size_t> examples, std::span<const TensorMap> rows = {}) const;

  /// What a batch with these inputs and targets counts in the mean of the loss.
  double weight(const TensorMap& batch, std::int64_t examples) const;

  /// `shares[i]` of the targets of `examples[i]` and the rest of those of `partners[i]`.
  TensorMap mixed(std::span<const std::size_t> examples, std::span<const std::size_t> partners,
                  std::span<const double> shares) const;

 private:
  TensorMap ask(std::size_t example, const TensorMap& row) const;
  void keep_all();

  TaskPtr task_;
  DatasetPtr dataset_;
  std::vector<std::size_t> positions_;
  std::vector<std::string> row_values_;
  std::size_t size_ = 0;
  TensorMap first_;  // what the task says of the first example: names, types and shapes
  TensorMap kept_;   // of all examples, (n, ..) each; empty where they are asked for in every batch
};

}  // namespace enxerto
