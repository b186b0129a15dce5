#pragma once
#include <optional>
#include <span>
#include <string_view>

#include "enxerto/graph/infer.h"
#include "enxerto/graph/numbers.h"

namespace enxerto {

/// How an operation's one output follows from numbers; nullopt where it is not known.
using EvaluateRule = std::optional<Numbers> (*)(const Node& node, std::span<const InferInput> inputs);
struct EvaluateRow {
  std::string_view op;
  EvaluateRule rule;
};

/// The rows, one family of operations a file.
std::span<const EvaluateRow> evaluate_arithmetic_rules();
std::span<const EvaluateRow> evaluate_layout_rules();
std::span<const EvaluateRow> evaluate_index_rules();

/// The numbers of an input; nullptr where it is not there or not known.
const Numbers* known_numbers(std::span<const InferInput> inputs, std::size_t slot);

/// The whole numbers of an input, where it is known and fixed; nullopt otherwise.
std::optional<std::vector<std::int64_t>> whole_numbers(std::span<const InferInput> inputs, std::size_t slot);

/// Strides of a row-major shape, in elements.
std::vector<std::int64_t> strides_of(const Shape& shape);

/// Visits each index of a shape in row-major order.
template <typename F>
void for_each_index(const Shape& shape, F visit) {
  std::vector<std::int64_t> index(shape.size(), 0);
  const std::size_t count = element_count(shape);
  for (std::size_t i = 0; i < count; ++i) {
    visit(std::span<const std::int64_t>(index));
    for (std::size_t axis = shape.size(); axis-- > 0;) {
      if (++index[axis] < shape[axis]) break;
      index[axis] = 0;
    }
  }
}

}  // namespace enxerto
