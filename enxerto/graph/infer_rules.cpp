#include "enxerto/graph/infer_rules.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/to_size.h"
#include "enxerto/graph/attributes.h"
#include "enxerto/graph/symbol.h"

namespace enxerto {

void fail_inference(const Node& node, std::string found, std::string expected) {
  throw weights_error(fmt::format("node '{}' ({})", node.name, node.op), std::move(found), std::move(expected));
}

const ValueType& input_type(const Node& node, std::span<const InferInput> inputs, std::size_t slot) {
  if (slot >= inputs.size() || inputs[slot].type == nullptr) {
    fail_inference(node, fmt::format("input {} is missing", slot), "all inputs that ONNX requires");
  }
  return *inputs[slot].type;
}

const Tensor& input_constant(const Node& node, std::span<const InferInput> inputs, std::size_t slot) {
  input_type(node, inputs, slot);
  if (inputs[slot].constant == nullptr) {
    fail_inference(node, fmt::format("input {} is computed at run time", slot), "a constant");
  }
  return *inputs[slot].constant;
}

std::vector<std::int64_t> input_numbers(const Node& node, std::span<const InferInput> inputs, std::size_t slot) {
  input_type(node, inputs, slot);
  if (inputs[slot].constant == nullptr && inputs[slot].numbers != nullptr && inputs[slot].numbers->is_fixed()) {
    std::vector<std::int64_t> values;
    for (const Number& number : inputs[slot].numbers->values) values.push_back(static_cast<std::int64_t>(number.value));
    return values;
  }
  const Tensor& tensor = input_constant(node, inputs, slot);
  if (tensor.dtype() != DType::i64) fail_inference(node, fmt::format("input {} is not int64", slot), "int64");
  const auto numbers = tensor.as<std::int64_t>();
  return {numbers.begin(), numbers.end()};
}

std::vector<Number> input_symbols(const Node& node, std::span<const InferInput> inputs, std::size_t slot) {
  input_type(node, inputs, slot);
  if (inputs[slot].numbers != nullptr) return inputs[slot].numbers->values;
  if (inputs[slot].constant != nullptr) {
    const std::optional<Numbers> numbers = numbers_of(*inputs[slot].constant);
    if (numbers) return numbers->values;
  }
  std::vector<Number> values;
  for (const std::int64_t number : input_numbers(node, inputs, slot)) {
    values.push_back({.value = static_cast<long double>(number), .symbol = {}});
  }
  return values;
}

bool has_input(std::span<const InferInput> inputs, std::size_t slot) {
  return slot < inputs.size() && inputs[slot].type != nullptr;
}

std::optional<DType> cast_type(const Node& node) {
  // TensorProto.DataType of ONNX; those that are left out are strings, complex numbers and fewer than 8 bits.
  static constexpr std::array<std::pair<std::int64_t, DType>, 13> kTypes{{{1, DType::f32},
                                                                          {2, DType::u8},
                                                                          {3, DType::i8},
                                                                          {4, DType::u16},
                                                                          {5, DType::i16},
                                                                          {6, DType::i32},
                                                                          {7, DType::i64},
                                                                          {9, DType::boolean},
                                                                          {10, DType::f16},
                                                                          {11, DType::f64},
                                                                          {12, DType::u32},
                                                                          {13, DType::u64},
                                                                          {16, DType::bf16}}};
  const auto to = required_attribute<std::int64_t>(node, "to");
  const auto* row = std::find_if(kTypes.begin(), kTypes.end(), [&](const auto& type) { return type.first == to; });
  return row == kTypes.end() ? std::nullopt : std::optional(row->second);
}

std::size_t axis_of(const Node& node, std::int64_t axis, std::size_t rank) {
  const auto signed_rank = static_cast<std::int64_t>(rank);
  if (axis < -signed_rank || axis >= signed_rank) {
    fail_inference(node, fmt::format("axis {} of {} dimensions", axis, rank), "an existing axis");
  }
  return to_size(axis < 0 ? axis + signed_rank : axis);
}

std::int64_t checked_size(const Node& node, Wide size) {
  if (size < 0 || size > (Wide{1} << 62)) {
    fail_inference(node, "a size that is negative or too large", "inputs at least as large as the kernel");
  }
  return static_cast<std::int64_t>(size);
}

Dim product(const Node& node, std::span<const Dim> dims) {
  Dim whole = 1;
  for (const Dim& dim : dims) {
    const std::optional<Dim> next = times(whole, dim);
    if (!next) fail_inference(node, "a size that is negative or too large", "sizes whose product is at most 2^62");
    whole = *next;
  }
  return whole;
}

SymbolicShape broadcast(const Node& node, const SymbolicShape& a, const SymbolicShape& b) {
  const SymbolicShape& longer = a.size() >= b.size() ? a : b;
  const SymbolicShape& shorter = a.size() >= b.size() ? b : a;
  SymbolicShape result = longer;
  const std::size_t offset = longer.size() - shorter.size();
  for (std::size_t i = 0; i < shorter.size(); ++i) {
    Dim& to = result[offset + i];
    const Dim& other = shorter[i];
    if (to == other || other == Dim(1)) continue;
    if (to == Dim(1) || (to.is_symbolic() && !other.is_symbolic())) {
      to = other;  // a symbol next to a fixed size can only be that size, or 1
    } else if (!other.is_symbolic() || to.is_symbolic()) {
      fail_inference(node, to_string(a) + " and " + to_string(b), "shapes that broadcast");
    }
  }
  return result;
}

}  // namespace enxerto
