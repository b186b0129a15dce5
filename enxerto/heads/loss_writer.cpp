#include "enxerto/heads/loss_writer.h"

#include <utility>

#include <fmt/format.h>

#include "enxerto/heads/head.h"

namespace enxerto {
namespace {

Tensor tensor_of(Shape shape, std::span<const double> values, DType dtype) {
  if (dtype == DType::f64) return Tensor::of<double>(std::move(shape), values);
  const std::vector<float> single(values.begin(), values.end());
  return Tensor::of<float>(std::move(shape), std::span<const float>(single));
}

/// ONNX's number of an element type.
std::int64_t onnx_type(DType dtype) { return dtype == DType::f64 ? 11 : 1; }

}  // namespace

std::int64_t width_of_logits(const SymbolicShape& shape) {
  constexpr std::size_t kOfMaps = 4;
  return shape.size() == kOfMaps ? shape[1].size : shape.back().size;
}

LossWriter::LossWriter(GraphBuilder& net, const LossSpec& spec, const Value& logits, std::string stage)
    : net_(net),
      spec_(spec),
      stage_(std::move(stage)),
      logits_(net.input(logits.name, logits.shape, logits.dtype)),
      shape_(logits.shape),
      dtype_(logits.dtype),
      width_(width_of_logits(logits.shape)) {
  net_.stage(stage_);
}

std::string LossWriter::target() { return net_.input(std::string(kLossTarget), shape_, dtype_); }

std::string LossWriter::class_numbers() { return net_.input(std::string(kLossTarget), {shape_.front()}, DType::i64); }

std::string LossWriter::box_matches() {
  constexpr std::int64_t kClassAndCode = 5;
  return net_.input(std::string(kLossTarget), {shape_.front(), shape_.at(1), kClassAndCode}, dtype_);
}

std::string LossWriter::token_numbers() {
  return net_.input(std::string(kLossTarget), {shape_.front(), shape_.back()}, DType::i64);
}

std::string LossWriter::labels() {
  return net_.input(std::string(kLossLabels), {shape_.front(), std::string(kLossLabels)}, DType::i64);
}

std::string LossWriter::mask() {
  return net_.input(std::string(kAttentionMask), {shape_.front(), shape_.at(1)}, DType::i64);
}

std::string LossWriter::pixel_numbers() {
  return net_.input(std::string(kLossTarget), {shape_.front(), spec_.pixels[0], spec_.pixels[1]}, DType::i64);
}

std::string LossWriter::add(std::string op, std::string_view name, std::vector<std::string> inputs,
                            Attributes attributes) {
  return net_.add(std::move(op), fmt::format("{}.{}", stage_, name), std::move(inputs), std::move(attributes));
}

std::string LossWriter::number(double value) { return net_.constant(tensor_of({}, {&value, 1}, dtype_)); }

std::string LossWriter::row(std::span<const double> values) {
  return net_.constant(tensor_of({static_cast<std::int64_t>(values.size())}, values, dtype_));
}

std::string LossWriter::integers(const std::vector<std::int64_t>& values) { return net_.integers(values); }

std::string LossWriter::integer(std::int64_t value) { return net_.constant(Tensor::scalar(value)); }

std::string LossWriter::as_numbers(const std::string& truths, std::string_view name) {
  return add("Cast", name, {truths}, {{"to", onnx_type(dtype_)}});
}

std::string LossWriter::sum_of_rows(const std::string& x, std::string_view name) {
  return add("ReduceSum", name, {x, integers({1})}, {{"keepdims", std::int64_t{0}}});
}

std::string LossWriter::mean(const std::string& x, std::string_view name) {
  return add("ReduceMean", name, {x}, {{"keepdims", std::int64_t{0}}});
}

}  // namespace enxerto
