#pragma once
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "enxerto/base/input_spec.h"
#include "enxerto/base/padding.h"
#include "enxerto/base/tensor_map.h"
#include "enxerto/media/preprocessor.h"

namespace enxerto {

/// Encoded examples put together as a batch. An input of fixed shape is written in place, at its row of the batch; one
/// that varies has memory of its own, and is padded to the batch's longest, rounded up to a bucket, when the batch is
/// collected.
class BatchInputs {
 public:
  /// Room for `batch` examples. `specs` must live as long.
  BatchInputs(std::span<const InputSpec> specs, std::size_t batch);

  /// Where example number `example` is written, again and again. Examples may be written from several threads.
  class Slots final : public InputSlots {
   public:
    Slots(BatchInputs& batch, std::size_t example) : batch_(&batch), example_(example) {}
    std::span<std::byte> slot(std::size_t input, const Shape& shape) override;

   private:
    BatchInputs* batch_;
    std::size_t example_;
  };
  Slots slots(std::size_t example) { return {*this, example}; }

  /// The first `count` examples by name, (batch, ..): the rows behind them are 0, or `padding` where shapes vary. The
  /// tensors share the memory that the next examples are written to.
  TensorMap collect(std::size_t count, const PadOptions& padding = {});

 private:
  struct Own {
    Own(Shape its_shape, TensorBuffer memory) : shape(std::move(its_shape)), buffer(std::move(memory)) {}
    Shape shape;
    TensorBuffer buffer;
  };
  Tensor fixed(std::size_t input, std::size_t count);
  Tensor padded(std::size_t input, std::size_t count, const PadOptions& padding);

  std::span<const InputSpec> specs_;
  std::size_t batch_;
  std::vector<std::shared_ptr<std::byte>> rows_;      // of each input, null where it varies
  std::vector<std::vector<std::optional<Own>>> own_;  // of each input and example, empty where it is fixed
};

}  // namespace enxerto
