#include "enxerto/media/batch_inputs.h"

#include <cstring>

#include "enxerto/base/aligned_bytes.h"

namespace enxerto {
namespace {

std::size_t bytes_of(const InputSpec& spec) { return element_count(spec.shape) * size_of(spec.dtype); }

}  // namespace

BatchInputs::BatchInputs(std::span<const InputSpec> specs, std::size_t batch)
    : specs_(specs), batch_(batch), rows_(specs.size()), own_(specs.size()) {
  for (std::size_t input = 0; input < specs.size(); ++input) {
    if (specs[input].fixed())
      rows_[input] = aligned_bytes(bytes_of(specs[input]) * batch);
    else
      own_[input].resize(batch);
  }
}

std::span<std::byte> BatchInputs::Slots::slot(std::size_t input, const Shape& shape) {
  const InputSpec& spec = batch_->specs_[input];
  check_shape(spec, shape, "preprocessing");
  if (!batch_->rows_[input])
    return batch_->own_[input][example_].emplace(shape, TensorBuffer(spec.dtype, shape)).buffer.bytes();
  const std::size_t width = bytes_of(spec);
  return {batch_->rows_[input].get() + example_ * width, width};
}

TensorMap BatchInputs::collect(std::size_t count, const PadOptions& padding) {
  TensorMap inputs;
  for (std::size_t input = 0; input < specs_.size(); ++input)
    inputs.set(specs_[input].name, rows_[input] ? fixed(input, count) : padded(input, count, padding));
  return inputs;
}

Tensor BatchInputs::fixed(std::size_t input, std::size_t count) {
  const InputSpec& spec = specs_[input];
  const std::size_t width = bytes_of(spec);
  // The engine always runs the whole batch: what nobody wants must be numbers too.
  std::memset(rows_[input].get() + count * width, 0, (batch_ - count) * width);
  Shape shape = spec.shape;
  shape.insert(shape.begin(), static_cast<std::int64_t>(batch_));
  return {spec.dtype, std::move(shape), rows_[input]};
}

Tensor BatchInputs::padded(std::size_t input, std::size_t count, const PadOptions& padding) {
  const InputSpec& spec = specs_[input];
  const std::span<std::optional<Own>> examples = std::span(own_[input]).first(count);
  const Shape longest = padded_shape(spec.shape, count, padding,
                                     [&](std::size_t i) -> const Shape& { return examples[i].value().shape; });
  Shape shape = longest;
  shape.insert(shape.begin(), static_cast<std::int64_t>(batch_));
  TensorBuffer batch(spec.dtype, std::move(shape));
  fill(spec.padding, spec.dtype, batch.bytes());
  const std::size_t width = element_count(longest) * size_of(spec.dtype);
  for (std::size_t i = 0; i < count; ++i)
    copy_block(examples[i]->buffer.data(), examples[i]->shape, batch.data() + i * width, longest, size_of(spec.dtype));
  return std::move(batch).freeze();
}

}  // namespace enxerto
