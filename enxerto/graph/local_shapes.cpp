#include "enxerto/graph/local_shapes.h"

#include <map>

#include <fmt/format.h>

#include "enxerto/graph/fold_shapes.h"
#include "enxerto/graph/inference.h"

namespace enxerto {
namespace {

class Localising {
 public:
  explicit Localising(const Graph& graph) : result_(graph) {
    result_.nodes.clear();
    for (const auto& [name, tensor] : graph.parameters) known_.add_parameter(name, tensor);
    for (const Value& input : graph.inputs) known_.add_input(input);
  }

  void add(Node node) {
    for (std::string& input : node.inputs) {
      const std::string* symbol = input.empty() ? nullptr : symbol_of(input);
      const auto near = symbol == nullptr ? nearest_.end() : nearest_.find(*symbol);
      if (near != nearest_.end()) input = asked(near->second, known_.type(input)->shape.empty(), node.stage);
    }
    emit(node);
    const ValueType& type = *known_.type(node.outputs.at(0));
    const bool is_data = type.dtype == DType::f32 && !type.shape.empty() && type.shape[0].is_symbolic();
    if (is_data) nearest_[type.shape[0].symbol] = node.outputs[0];
  }

  Graph finish() && { return without_dead_nodes(result_); }

 private:
  /// The symbol, where the value is that one number.
  const std::string* symbol_of(const std::string& value) const {
    const Numbers* numbers = known_.numbers(value);
    const bool single = numbers != nullptr && numbers->dtype == DType::i64 && numbers->values.size() == 1 &&
                        numbers->shape.size() <= 1 && numbers->values[0].is_symbolic();
    return single ? &numbers->values[0].symbol : nullptr;
  }

  /// The first size of `value`, as a vector of one number or as a scalar.
  std::string asked(const std::string& value, bool scalar, const std::string& stage) {
    const std::string vector = fmt::format("{}/count", value);
    if (known_.type(vector) == nullptr)
      emit({vector, "Shape", stage, {value}, {vector}, {{"start", std::int64_t{0}}, {"end", std::int64_t{1}}}});
    if (!scalar) return vector;
    const std::string number = fmt::format("{}/number", value);
    if (known_.type(number) == nullptr) emit({number, "Squeeze", stage, {vector}, {number}, {}});
    return number;
  }

  void emit(const Node& node) {
    known_.add(node);
    result_.nodes.push_back(node);
  }

  Graph result_;
  Inference known_;
  std::map<std::string, std::string> nearest_;  // by symbol: the latest value whose first size it is
};

}  // namespace

Graph with_local_shapes(const Graph& graph) {
  Localising localising(graph);
  for (const Node& node : graph.nodes) localising.add(node);
  return std::move(localising).finish();
}

}  // namespace enxerto
