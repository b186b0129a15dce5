#include <cmath>
#include <unordered_map>

#include "enxerto/base/error.h"
#include "enxerto/graph/evaluate_rules.h"

namespace enxerto {

const Numbers* known_numbers(std::span<const InferInput> inputs, std::size_t slot) {
  return slot < inputs.size() ? inputs[slot].numbers : nullptr;
}

std::optional<std::vector<std::int64_t>> whole_numbers(std::span<const InferInput> inputs, std::size_t slot) {
  const Numbers* numbers = known_numbers(inputs, slot);
  if (numbers == nullptr || (numbers->dtype != DType::i64 && numbers->dtype != DType::i32)) return std::nullopt;
  std::vector<std::int64_t> values;
  for (const Number& number : numbers->values) {
    if (number.is_symbolic()) return std::nullopt;
    values.push_back(static_cast<std::int64_t>(number.value));
  }
  return values;
}

std::vector<std::int64_t> strides_of(const Shape& shape) {
  std::vector<std::int64_t> strides(shape.size(), 1);
  for (std::size_t i = shape.size(); i-- > 1;) strides[i - 1] = strides[i] * shape[i];
  return strides;
}

std::optional<Numbers> evaluate(const Node& node, std::span<const InferInput> inputs) {
  static const auto table = [] {
    std::unordered_map<std::string_view, EvaluateRule> rules;
    for (const auto rows : {evaluate_arithmetic_rules(), evaluate_layout_rules(), evaluate_index_rules()}) {
      for (const EvaluateRow& row : rows) rules.emplace(row.op, row.rule);
    }
    return rules;
  }();
  const auto row = table.find(node.op);
  if (row == table.end()) return std::nullopt;
  try {
    std::optional<Numbers> result = row->second(node, inputs);
    return result && result->values.size() <= kMostNumbers ? result : std::nullopt;
  } catch (const Error&) {
    return std::nullopt;  // shape inference of the same node says what is wrong with it
  }
}

}  // namespace enxerto
