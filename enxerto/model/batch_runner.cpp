#include "enxerto/model/batch_runner.h"

#include <algorithm>
#include <cstring>
#include <list>
#include <string>
#include <utility>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/base/threads.h"

namespace enxerto {

namespace {

/// `rows` with rows of zeros behind up to `batch`.
Tensor padded(const Tensor& rows, std::size_t batch) {
  Shape shape = rows.shape();
  shape[0] = static_cast<std::int64_t>(batch);
  TensorBuffer buffer(rows.dtype(), shape);
  std::memcpy(buffer.data(), rows.data(), rows.byte_size());
  std::fill(buffer.bytes().begin() + static_cast<std::ptrdiff_t>(rows.byte_size()), buffer.bytes().end(), std::byte{0});
  return std::move(buffer).freeze();
}

template <typename Change>
TensorMap each(const TensorMap& tensors, const Change& change) {
  TensorMap changed;
  for (const auto& [name, tensor] : tensors) changed.set(name, change(tensor));
  return changed;
}

TensorMap slice(const TensorMap& tensors, std::size_t begin, std::size_t end) {
  return each(tensors, [&](const Tensor& tensor) {
    return tensor.rows(static_cast<std::int64_t>(begin), static_cast<std::int64_t>(end));
  });
}

/// Puts the outputs for consecutive rows together.
class Collector {
 public:
  explicit Collector(std::size_t rows) : rows_(rows) {}

  void add(std::size_t row, const TensorMap& outputs) {
    for (const auto& [name, output] : outputs) {
      const std::size_t row_bytes = output.byte_size() / static_cast<std::size_t>(output.shape()[0]);
      std::memcpy(buffer_of(name, output).data() + row * row_bytes, output.data(), output.byte_size());
    }
  }

  TensorMap collect() {
    TensorMap outputs;
    for (auto& [name, buffer] : buffers_) outputs.set(name, std::move(buffer).freeze());
    return outputs;
  }

 private:
  TensorBuffer& buffer_of(const std::string& name, const Tensor& output) {
    const std::lock_guard lock(mutex_);
    for (auto& [known, buffer] : buffers_)
      if (known == name) return buffer;
    Shape shape = output.shape();
    shape.at(0) = static_cast<std::int64_t>(rows_);
    return buffers_.emplace_back(name, TensorBuffer(output.dtype(), shape)).second;
  }

  const std::size_t rows_;
  std::mutex mutex_;
  std::list<std::pair<std::string, TensorBuffer>> buffers_;
};

}  // namespace

BatchRunner::BatchRunner(Graph graph, const Options& options)
    : graph_(std::move(graph)), options_(options), threads_(resolve_threads(options.threads)) {}

std::size_t BatchRunner::rows_of(const TensorMap& inputs) const {
  const Tensor* first = graph_.inputs.empty() ? nullptr : inputs.find(graph_.inputs[0].name);
  if (first != nullptr && !first->shape().empty() && first->shape()[0] > 0)
    return static_cast<std::size_t>(first->shape()[0]);
  throw data_error("batch", first == nullptr ? "an input is missing" : "no examples",
                   "at least one example of each input");
}

TensorMap BatchRunner::run(const TensorMap& inputs) {
  const std::size_t rows = rows_of(inputs);
  Collector outputs(rows);
  if (rows < options_.batch * static_cast<std::size_t>(threads_)) {
    for (std::size_t row = 0; row < rows; ++row) outputs.add(row, one_by_one().run(slice(inputs, row, row + 1)));
  } else {
    const std::size_t step = options_.batch;
    parallel_for(threads_, (rows + step - 1) / step, [&](std::size_t call) {
      const std::size_t begin = call * step;
      outputs.add(begin, run_batch(slice(inputs, begin, std::min(rows, begin + step))));
    });
  }
  return outputs.collect();
}

TensorMap BatchRunner::run_batch(const TensorMap& inputs) {
  const std::size_t rows = rows_of(inputs);
  if (rows == options_.batch) return side_by_side().run(inputs);
  const TensorMap whole = each(inputs, [&](const Tensor& tensor) { return padded(tensor, options_.batch); });
  return slice(side_by_side().run(whole), 0, rows);
}

Executor& BatchRunner::one_by_one() {
  const std::lock_guard lock(mutex_);
  if (!one_by_one_) {
    one_by_one_ = compile(
        graph_,
        {.threads = threads_, .streams = 1, .precision = options_.precision, .batch = 1, .kept_in = options_.kept_in});
  }
  return *one_by_one_;
}

Executor& BatchRunner::side_by_side() {
  const std::lock_guard lock(mutex_);
  if (!side_by_side_) {
    side_by_side_ = compile(graph_, {.threads = threads_,
                                     .streams = threads_,
                                     .precision = options_.precision,
                                     .batch = static_cast<int>(options_.batch),
                                     .kept_in = options_.kept_in});
  }
  return *side_by_side_;
}

}  // namespace enxerto
