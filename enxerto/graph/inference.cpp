#include "enxerto/graph/inference.h"

#include <array>

#include <fmt/format.h>

#include "enxerto/graph/attributes.h"
#include "enxerto/graph/infer_rules.h"

namespace enxerto {
namespace {

template <typename Map>
auto find_in(const Map& map, std::string_view name) -> decltype(&map.begin()->second) {
  const auto place = map.find(std::string(name));
  return place == map.end() ? nullptr : &place->second;
}

}  // namespace

void Inference::add_input(const Value& input) { types_[input.name] = {input.dtype, input.shape}; }

void Inference::add_parameter(const std::string& name, const Tensor& tensor) {
  types_[name] = {tensor.dtype(), SymbolicShape(tensor.shape().begin(), tensor.shape().end())};
  constants_.insert_or_assign(name, tensor);
  if (tensor.dtype() != DType::i64 && tensor.dtype() != DType::i32) return;
  if (auto numbers = numbers_of(tensor)) numbers_.insert_or_assign(name, std::move(*numbers));
}

void Inference::add_parameter(const ParameterSpec& spec) {
  types_[spec.name] = {spec.dtype, SymbolicShape(spec.shape.begin(), spec.shape.end())};
}

void Inference::add(const Node& node) {
  std::vector<InferInput> inputs(node.inputs.size());
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const std::string& name = node.inputs[i];
    if (name.empty()) continue;
    inputs[i] = {.type = type(name), .constant = constant(name), .numbers = numbers(name)};
    if (inputs[i].type == nullptr) fail_inference(node, "unknown input '" + name + "'", "a value");
  }
  const std::vector<ValueType> outputs = infer_node(node, inputs);
  std::optional<Numbers> known = evaluate(node, inputs);
  for (std::size_t i = 0; i < node.outputs.size(); ++i) {
    if (node.outputs[i].empty()) continue;
    if (i >= outputs.size()) fail_inference(node, fmt::format("{} outputs", node.outputs.size()), "fewer");
    types_[node.outputs[i]] = outputs[i];
  }
  if (node.outputs.empty()) return;
  if (node.op == "Constant") hold(node.outputs[0], required_attribute<Tensor>(node, "value"));
  if (known) numbers_.insert_or_assign(node.outputs[0], std::move(*known));
}

const ValueType* Inference::type(std::string_view name) const { return find_in(types_, name); }
const Tensor* Inference::constant(std::string_view name) const { return find_in(constants_, name); }
const Numbers* Inference::numbers(std::string_view name) const { return find_in(numbers_, name); }

void Inference::hold(const std::string& name, const Tensor& tensor) {
  constants_.insert_or_assign(name, tensor);
  if (auto numbers = numbers_of(tensor)) numbers_.insert_or_assign(name, std::move(*numbers));
}

}  // namespace enxerto
