#include "enxerto/graph/infer_rules.h"

#include <algorithm>

#include <fmt/format.h>

#include "enxerto/base/error.h"

namespace enxerto {

void fail_inference(const Node& node, std::string found, std::string expected) {
  throw Error(ErrorKind::weights, {.where = fmt::format("node '{}' ({})", node.name, node.op),
                                   .found = std::move(found),
                                   .expected = std::move(expected),
                                   .tip = ""});
}

const ValueType& input_type(const Node& node, std::span<const InferInput> inputs, std::size_t slot) {
  if (slot >= inputs.size() || inputs[slot].type == nullptr) {
    fail_inference(node, fmt::format("input {} is missing", slot), "all inputs that ONNX wants");
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
  const Tensor& tensor = input_constant(node, inputs, slot);
  if (tensor.dtype() != DType::i64) fail_inference(node, fmt::format("input {} is not int64", slot), "int64");
  const auto numbers = tensor.as<std::int64_t>();
  return {numbers.begin(), numbers.end()};
}

std::size_t axis_of(const Node& node, std::int64_t axis, std::size_t rank) {
  const auto signed_rank = static_cast<std::int64_t>(rank);
  if (axis < -signed_rank || axis >= signed_rank) {
    fail_inference(node, fmt::format("axis {} of {} dimensions", axis, rank), "an axis that is there");
  }
  return static_cast<std::size_t>(axis < 0 ? axis + signed_rank : axis);
}

std::int64_t checked_size(const Node& node, Wide size) {
  if (size < 0 || size > (Wide{1} << 62)) {
    fail_inference(node, "a size that is negative or too large", "inputs at least as large as the kernel");
  }
  return static_cast<std::int64_t>(size);
}

Dim product(const Node& node, std::span<const Dim> dims) {
  Wide size = 1;
  std::string symbols;
  for (const Dim& dim : dims) {
    if (dim.is_symbolic()) {
      symbols += symbols.empty() ? dim.symbol : "*" + dim.symbol;
    } else {
      size = checked_size(node, size * dim.size);
    }
  }
  const auto fixed = static_cast<std::int64_t>(size);
  if (symbols.empty() || fixed == 0) return fixed;
  return fixed == 1 ? symbols : fmt::format("{}*{}", symbols, fixed);
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
      to = other;  // a symbol beside a fixed size can only be that size, or 1
    } else if (!other.is_symbolic() || to.is_symbolic()) {
      fail_inference(node, to_string(a) + " and " + to_string(b), "shapes that broadcast");
    }
  }
  return result;
}

}  // namespace enxerto
