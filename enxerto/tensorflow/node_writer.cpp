#include "enxerto/tensorflow/node_writer.h"

#include <algorithm>

#include <fmt/format.h>

#include "enxerto/base/floating.h"
#include "enxerto/base/to_size.h"
#include "enxerto/weights/weight_error.h"

namespace enxerto {
namespace {

/// Tables that no training changes stay in the network's text up to this size.
constexpr std::size_t kLargestText = std::size_t{64} << 10;

std::vector<std::int64_t> whole_numbers_of(const Tensor& tensor) {
  std::vector<std::int64_t> numbers;
  if (tensor.dtype() == DType::i64) {
    const auto values = tensor.as<std::int64_t>();
    numbers.assign(values.begin(), values.end());
  }
  return numbers;
}

}  // namespace

std::string NodeWriter::key(const TfReference& value) { return fmt::format("{}:{}", value.node, value.output); }

const HeldValue* NodeWriter::find(const TfReference& value) const {
  const auto place = values_.find(key(value));
  return place == values_.end() ? nullptr : &place->second;
}

const HeldValue& NodeWriter::input(const TfNode& node, std::size_t slot) const {
  if (slot >= node.inputs.size())
    refuse_node(node, fmt::format("{} inputs", node.inputs.size()), fmt::format("at least {}", slot + 1));
  const HeldValue* const value = find(node.inputs[slot]);
  if (value == nullptr)
    refuse_node(node,
                fmt::format("output {} of {}, which has none", node.inputs[slot].output, shown(node.inputs[slot].node)),
                "an output that is there");
  return *value;
}

SymbolicShape NodeWriter::shape(const HeldValue& value) const {
  if (value.tensor) {
    SymbolicShape shape;
    for (const std::int64_t size : value.tensor->shape()) shape.emplace_back(size);
    return shape;
  }
  return as_in_file(known_.type(value.name)->shape, value.order);
}

DType NodeWriter::dtype(const HeldValue& value) const {
  return value.tensor ? value.tensor->dtype() : known_.type(value.name)->dtype;
}

std::size_t NodeWriter::rank(const HeldValue& value) const {
  return value.tensor ? value.tensor->shape().size() : known_.type(value.name)->shape.size();
}

std::optional<NodeWriter::Ints> NodeWriter::known_integers(const TfNode& node, std::size_t slot) const {
  const HeldValue& value = input(node, slot);
  if (dtype(value) != DType::i64) refuse_node(node, "numbers that are no whole ones", "whole numbers");
  if (value.tensor)
    return value.tensor->size() <= kMostNumbers ? std::optional(whole_numbers_of(*value.tensor)) : std::nullopt;
  const Numbers* const numbers = known_.numbers(value.name);
  if (numbers == nullptr || !numbers->is_fixed()) return std::nullopt;
  Ints known;
  for (const Number& number : numbers->values) known.push_back(static_cast<std::int64_t>(number.value));
  return known;
}

NodeWriter::Ints NodeWriter::integers(const TfNode& node, std::size_t slot) const {
  const std::optional<Ints> known = known_integers(node, slot);
  if (!known) refuse_node(node, fmt::format("input {}, which is computed", slot), "numbers that are known");
  return *known;
}

std::int64_t NodeWriter::integer(const TfNode& node, std::size_t slot) const {
  const Ints numbers = integers(node, slot);
  if (numbers.size() != 1) refuse_node(node, fmt::format("{} numbers", numbers.size()), "one");
  return numbers[0];
}

const Tensor& NodeWriter::weight(const TfNode& node, std::size_t slot) const {
  const HeldValue& value = input(node, slot);
  if (!value.tensor || value.tensor->dtype() != DType::f32 || value.tensor->size() == 0)
    refuse_node(node, fmt::format("input {}, which is computed", slot), "weights of float32");
  return *value.tensor;
}

std::string NodeWriter::in(const HeldValue& value, const DimensionOrder& order) {
  if (value.tensor) return written(value.name, in_order(*value.tensor, order));
  if (value.order == order) return value.name;
  const std::size_t dimensions = rank(value);
  Ints permutation(dimensions);
  for (std::size_t i = 0; i < dimensions; ++i)
    permutation[i] = static_cast<std::int64_t>(held_axis(value.order, order.empty() ? i : order[i]));
  DimensionOrder from_held;
  for (const std::int64_t axis : permutation) from_held.push_back(to_size(axis));
  std::string& turned = turned_[{value.name, from_held}];
  if (turned.empty())
    turned = add({.name = value.name + "/turned", .op = {}, .inputs = {}, .attributes = {}}, "Transpose", {value.name},
                 {{"perm", permutation}});
  return turned;
}

std::string NodeWriter::unique(std::string name) {
  if (name.empty()) name = "value";
  std::string chosen = name;
  for (int number = 2; !names_.insert(chosen).second; ++number) chosen = fmt::format("{}#{}", name, number);
  return chosen;
}

std::string NodeWriter::add(const TfNode& node, std::string op, std::vector<std::string> inputs,
                            Attributes attributes) {
  return add(node, std::move(op), std::move(inputs), std::move(attributes), 1)[0];
}

std::vector<std::string> NodeWriter::add(const TfNode& node, std::string op, std::vector<std::string> inputs,
                                         Attributes attributes, std::size_t outputs) {
  const std::string name = unique(node.name);
  std::vector<std::string> made{name};
  for (std::size_t i = 1; i < outputs; ++i) made.push_back(unique(fmt::format("{}:{}", name, i)));
  for (const std::string& output : made) makers_[output] = graph_.nodes.size();
  graph_.nodes.push_back({.name = name,
                          .op = std::move(op),
                          .stage = {},
                          .inputs = std::move(inputs),
                          .outputs = made,
                          .attributes = std::move(attributes)});
  known_.add(graph_.nodes.back());
  return made;
}

std::string NodeWriter::parameter(const std::string& name, const Tensor& tensor) {
  for (std::string there = name; written_.contains(there); there += "/again")
    if (identical(written_.at(there), tensor) && graph_.parameters.contains(there)) return there;
  const std::string chosen = unique(name);
  graph_.parameters.set(chosen, tensor);
  known_.add_parameter(chosen, tensor);
  written_.emplace(chosen, tensor);
  return chosen;
}

std::string NodeWriter::constant(const std::string& name, const Tensor& tensor) {
  if (const auto there = written_.find(name);
      there != written_.end() && identical(there->second, tensor) && makers_.contains(name))
    return name;
  const std::string made =
      add({.name = name, .op = {}, .inputs = {}, .attributes = {}}, "Constant", {}, {{"value", tensor}});
  written_.emplace(made, tensor);
  return made;
}

std::string NodeWriter::integers(const std::string& name, const Ints& numbers) {
  return constant(name, Tensor::of<std::int64_t>({static_cast<std::int64_t>(numbers.size())},
                                                 std::span<const std::int64_t>(numbers)));
}

std::string NodeWriter::written(const std::string& name, const Tensor& tensor) {
  const bool weight = is_floating(tensor.dtype()) && tensor.size() > 1;
  return weight || tensor.byte_size() > kLargestText ? parameter(name, tensor) : constant(name, tensor);
}

void NodeWriter::give(const TfNode& node, std::size_t output, HeldValue value) {
  value.order = simplified(std::move(value.order));
  const std::string place = key({.node = node.name, .output = output});
  if (!value.tensor) made_as_[value.name] = made_as_.contains(value.name) ? std::string() : place;
  values_[place] = std::move(value);
}

Node* NodeWriter::only_for(const HeldValue& value) {
  const auto given = made_as_.find(value.name);
  const auto made = makers_.find(value.name);
  if (value.tensor || given == made_as_.end() || made == makers_.end()) return nullptr;
  const auto uses = uses_.find(given->second);
  return uses != uses_.end() && uses->second == 1 ? &graph_.nodes[made->second] : nullptr;
}

const Node* NodeWriter::maker(const std::string& value) const {
  const auto made = makers_.find(value);
  return made == makers_.end() ? nullptr : &graph_.nodes[made->second];
}

void NodeWriter::add_input(const Value& value, const TfNode& node) {
  names_.insert(value.name);
  graph_.inputs.push_back(value);
  known_.add_input(value);
  give(node, value.name);
}

void NodeWriter::add_output(const TfEnd& output) {
  const HeldValue* const held = find(output.value);
  if (held == nullptr)
    throw_weights_error(shown(output.name), {.found = "no such output of its node", .expected = "one", .tip = {}});
  std::string value = in(*held, {});
  const bool given = graph_.parameters.contains(value) ||
                     std::ranges::find(graph_.inputs, value, &Value::name) != graph_.inputs.end() ||
                     std::ranges::find(graph_.outputs, value, &Value::name) != graph_.outputs.end();
  if (given) value = add({.name = output.name, .op = {}, .inputs = {}, .attributes = {}}, "Identity", {value});
  if (value != output.name) renamed_[value] = output.name;
  const ValueType& type = *known_.type(value);
  graph_.outputs.push_back({.name = value, .dtype = type.dtype, .shape = type.shape});
}

/// Outputs get the names that the file gives them; a value on the way that had such a name gets another.
Graph NodeWriter::take() {
  const std::unordered_map<std::string, std::string> wanted = renamed_;
  for (const auto& [value, name] : wanted)
    if (names_.contains(name) && !wanted.contains(name)) renamed_[name] = unique(name + "/inner");
  const auto rename = [&](std::string& name) {
    if (const auto other = renamed_.find(name); other != renamed_.end()) name = other->second;
  };
  for (Node& node : graph_.nodes) {
    rename(node.name);
    std::ranges::for_each(node.inputs, rename);
    std::ranges::for_each(node.outputs, rename);
  }
  for (Value& output : graph_.outputs) rename(output.name);
  return std::move(graph_);
}

}  // namespace enxerto
