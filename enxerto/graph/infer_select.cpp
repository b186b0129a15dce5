#include <array>

#include <fmt/format.h>

#include "enxerto/base/to_size.h"
#include "enxerto/graph/attributes.h"
#include "enxerto/graph/infer_rules.h"

namespace enxerto {
namespace {

std::vector<ValueType> gather(const Node& node, std::span<const InferInput> inputs) {
  const ValueType& x = input_type(node, inputs, 0);
  const ValueType& indices = input_type(node, inputs, 1);
  if (indices.dtype != DType::i64 && indices.dtype != DType::i32) {
    fail_inference(node, fmt::format("indices of {}", name_of(indices.dtype)), "int64 or int32");
  }
  const auto axis =
      static_cast<std::ptrdiff_t>(axis_of(node, attribute<std::int64_t>(node, "axis", 0), x.shape.size()));
  SymbolicShape shape(x.shape.begin(), x.shape.begin() + axis);
  shape.insert(shape.end(), indices.shape.begin(), indices.shape.end());
  shape.insert(shape.end(), x.shape.begin() + axis + 1, x.shape.end());
  return {{x.dtype, std::move(shape)}};
}

/// Sizes of equal parts; the last one is smaller where they do not come out even.
std::vector<std::int64_t> even_parts(const Node& node, std::int64_t whole, std::int64_t count) {
  if (count < 1 || count > whole) fail_inference(node, fmt::format("{} parts of {}", count, whole), "fewer parts");
  const std::int64_t part = (whole - 1) / count + 1;
  std::vector<std::int64_t> sizes(to_size(count), part);
  sizes.back() = whole - part * (count - 1);
  if (sizes.back() < 0) fail_inference(node, fmt::format("{} parts of {}", count, whole), "fewer parts");
  return sizes;
}

std::vector<ValueType> split(const Node& node, std::span<const InferInput> inputs) {
  const ValueType& x = input_type(node, inputs, 0);
  const std::size_t axis = axis_of(node, attribute<std::int64_t>(node, "axis", 0), x.shape.size());
  const Dim& whole = x.shape[axis];
  std::vector<std::int64_t> sizes;
  if (inputs.size() > 1 && inputs[1].type != nullptr) {
    sizes = input_numbers(node, inputs, 1);
  } else {
    if (whole.is_symbolic()) fail_inference(node, "equal parts of a size that is not known", "a fixed size");
    const auto outputs = static_cast<std::int64_t>(node.outputs.size());
    sizes = even_parts(node, whole.size, attribute<std::int64_t>(node, "num_outputs", outputs));
  }
  Wide sum = 0;
  std::vector<ValueType> parts;
  for (const std::int64_t size : sizes) {
    sum += checked_size(node, size);
    parts.push_back(x);
    parts.back().shape[axis] = size;
  }
  if (!whole.is_symbolic() && sum != whole.size) {
    fail_inference(node, fmt::format("parts of {} together", static_cast<std::int64_t>(sum)), to_string(x.shape));
  }
  return parts;
}

constexpr std::array kInferSelectRows{InferRow{"Gather", gather}, InferRow{"Split", split}};

}  // namespace

std::span<const InferRow> select_rules() { return kInferSelectRows; }

}  // namespace enxerto
