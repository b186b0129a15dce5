#include "enxerto/model/batch_runner.h"

#include <algorithm>
#include <cstring>

#include "enxerto/base/error.h"
#include "enxerto/base/threads.h"

namespace enxerto {

namespace {

std::size_t rows_of(const Tensor& tensor) {
  return tensor.shape().empty() ? 0 : static_cast<std::size_t>(tensor.shape()[0]);
}

/// `rows` with rows of zeros behind up to `batch`.
Tensor padded(const Tensor& rows, std::size_t batch) {
  Shape shape = rows.shape();
  shape[0] = static_cast<std::int64_t>(batch);
  TensorBuffer buffer(rows.dtype(), shape);
  std::memcpy(buffer.data(), rows.data(), rows.byte_size());
  std::fill(buffer.bytes().begin() + static_cast<std::ptrdiff_t>(rows.byte_size()), buffer.bytes().end(), std::byte{0});
  return std::move(buffer).freeze();
}

/// Puts the outputs for consecutive rows into one tensor.
class Collector {
 public:
  explicit Collector(std::size_t rows) : rows_(rows) {}

  void add(std::size_t row, const Tensor& outputs) {
    std::byte* place = nullptr;
    {
      const std::lock_guard lock(mutex_);
      if (!buffer_) {
        Shape shape = outputs.shape();
        shape.at(0) = static_cast<std::int64_t>(rows_);
        buffer_ = std::make_unique<TensorBuffer>(outputs.dtype(), shape);
        row_bytes_ = outputs.byte_size() / rows_of(outputs);
      }
      place = buffer_->data() + row * row_bytes_;
    }
    std::memcpy(place, outputs.data(), outputs.byte_size());
  }

  Tensor collect() { return std::move(*buffer_).freeze(); }

 private:
  const std::size_t rows_;
  std::mutex mutex_;
  std::unique_ptr<TensorBuffer> buffer_;
  std::size_t row_bytes_ = 0;
};

}  // namespace

BatchRunner::BatchRunner(Graph graph, const Options& options)
    : graph_(std::move(graph)), options_(options), threads_(resolve_threads(options.threads)) {}

Tensor BatchRunner::run(const Tensor& inputs) {
  const std::size_t rows = rows_of(inputs);
  if (rows == 0) {
    throw Error(ErrorKind::data, {.where = "batch", .found = "no examples", .expected = "at least one", .tip = ""});
  }
  const bool few = rows < options_.batch * static_cast<std::size_t>(threads_);
  const std::size_t step = few ? 1 : options_.batch;
  const auto slice = [&](std::size_t call) {
    return inputs.rows(static_cast<std::int64_t>(call * step),
                       static_cast<std::int64_t>(std::min(rows, (call + 1) * step)));
  };
  Collector outputs(rows);
  if (few) {
    for (std::size_t row = 0; row < rows; ++row) outputs.add(row, one_by_one().run(slice(row)));
  } else {
    parallel_for(threads_, (rows + step - 1) / step,
                 [&](std::size_t call) { outputs.add(call * step, run_batch(slice(call))); });
  }
  return outputs.collect();
}

Tensor BatchRunner::run_batch(const Tensor& inputs) {
  const std::size_t rows = rows_of(inputs);
  if (rows == options_.batch) return side_by_side().run(inputs);
  const Tensor outputs = side_by_side().run(padded(inputs, options_.batch));
  return outputs.rows(0, static_cast<std::int64_t>(rows));
}

Executor& BatchRunner::one_by_one() {
  const std::lock_guard lock(mutex_);
  if (!one_by_one_) {
    one_by_one_ = compile(graph_, {.threads = threads_, .streams = 1, .precision = options_.precision, .batch = 1});
  }
  return *one_by_one_;
}

Executor& BatchRunner::side_by_side() {
  const std::lock_guard lock(mutex_);
  if (!side_by_side_) {
    side_by_side_ = compile(graph_, {.threads = threads_,
                                     .streams = threads_,
                                     .precision = options_.precision,
                                     .batch = static_cast<int>(options_.batch)});
  }
  return *side_by_side_;
}

}  // namespace enxerto
