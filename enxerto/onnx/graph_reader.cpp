#include "enxerto/onnx/graph_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "enxerto/base/floating.h"
#include "enxerto/base/to_size.h"
#include "enxerto/graph/attributes.h"
#include "enxerto/graph/role.h"
#include "enxerto/onnx/element_type.h"
#include "enxerto/onnx/node_order.h"
#include "enxerto/onnx/onnx_error.h"
#include "enxerto/onnx/read_node.h"
#include "enxerto/onnx/upgrade.h"
#include "enxerto_onnx.pb.h"

namespace enxerto {
namespace {

/// Tables that no training changes stay in the network's text up to this size.
constexpr std::size_t kLargestConstant = std::size_t{64} << 10;

/// Operations in which a single number is a setting (a factor, an epsilon), not a weight.
bool takes_settings(std::string_view op) {
  constexpr std::array<std::string_view, 6> kOps{"Add", "Mul", "Concat", "Expand", "Reshape", "Unsqueeze"};
  return std::find(kOps.begin(), kOps.end(), op) != kOps.end();
}

Dim dim_in(const enxerto_onnx::TensorShapeProto::Dimension& proto, const std::string& fallback,
           const std::string& where) {
  if (proto.has_dim_param() && !proto.dim_param().empty()) return proto.dim_param();
  if (!proto.has_dim_value() || proto.dim_value() == -1) return fallback;
  if (proto.dim_value() < 0 || proto.dim_value() > (std::int64_t{1} << 40))
    fail_onnx(where, {.found = fmt::format("a size of {}", proto.dim_value()), .expected = "a size of 0 or more"});
  return proto.dim_value();
}

Value value_in(const enxerto_onnx::ValueInfoProto& proto, const std::string& file) {
  const std::string where = fmt::format("{}: '{}'", file, proto.name());
  const auto& tensor = proto.type().tensor_type();
  const std::optional<DType> dtype = dtype_of_onnx(tensor.elem_type());
  if (!proto.type().has_tensor_type() || !dtype || !tensor.has_shape())
    fail_onnx(where, {.found = "a value that is not a numeric tensor of known rank", .expected = "one"});
  Value value{.name = proto.name(), .dtype = *dtype, .shape = {}};
  for (int i = 0; i < tensor.shape().dim_size(); ++i) {
    value.shape.push_back(dim_in(tensor.shape().dim(i), fmt::format("{}.{}", proto.name(), i), where));
  }
  return value;
}

}  // namespace

void GraphReader::read(enxerto_onnx::GraphProto& proto) {
  graph_.name = proto.name();
  if (proto.sparse_initializer_size() > 0) fail_onnx(where_, {.found = "sparse tensors", .expected = "dense ones"});
  read_initializers(proto);
  read_inputs(proto);
  std::unordered_set<std::string> given;
  for (const Value& input : graph_.inputs) given.insert(input.name);
  for (const auto& [name, _] : waiting_) given.insert(name);
  order_nodes(proto, given, where_);
  note_uses(proto);
  for (enxerto_onnx::NodeProto& node : *proto.mutable_node()) read_node_of(node);
  read_outputs(proto);
}

void GraphReader::read_initializers(enxerto_onnx::GraphProto& proto) {
  for (enxerto_onnx::TensorProto& tensor : *proto.mutable_initializer()) {
    const std::string name = tensor.name();
    if (name.empty() || !waiting_.emplace(name, tensors_.read(tensor)).second)
      fail_onnx(where_, {.found = fmt::format("two initializers named '{}'", name), .expected = "unique names"});
  }
}

void GraphReader::read_inputs(const enxerto_onnx::GraphProto& proto) {
  std::unordered_set<std::string> names;
  for (const auto& input : proto.input()) {
    if (!names.insert(input.name()).second || input.name().empty())
      fail_onnx(where_, {.found = fmt::format("two inputs named '{}'", input.name()), .expected = "unique names"});
    if (waiting_.contains(input.name())) continue;  // the default of an input, as files before IR version 4 have them
    graph_.inputs.push_back(value_in(input, where_));
    known_.add_input(graph_.inputs.back());
  }
}

void GraphReader::note_uses(const enxerto_onnx::GraphProto& proto) {
  for (const auto& node : proto.node()) {
    for (int slot = 0; slot < node.input_size(); ++slot) {
      used_.insert(node.input(slot));
      Use& use = uses_[node.input(slot)];
      const bool trained = role_at(node.op_type(), to_size(slot)) != Role::constant;
      const bool setting = takes_settings(node.op_type()) || node.op_type() == "Identity";
      use.trained |= trained && !setting;
      use.trained_unless_single |= setting && (trained || node.op_type() == "Identity");
    }
  }
  for (const auto& output : proto.output()) {
    used_.insert(output.name());
    outputs_.insert(output.name());
  }
}

void GraphReader::read_node_of(enxerto_onnx::NodeProto& proto) {
  const std::string scope = scope_of(proto);
  Node node = read_node(proto, tensors_, where_);
  if (node.op == "Constant" && node.outputs.size() == 1) {
    waiting_.emplace(node.outputs[0], required_attribute<Tensor>(node, "value"));
    return;
  }
  for (std::string& input : node.inputs) {
    if (const auto other = alias_.find(input); other != alias_.end()) input = other->second;
    bring(input, node);
  }
  for (Node& next : upgraded(std::move(node), Upgrade(opset_, known_, used_))) add(std::move(next), scope);
}

/// Adds a constant before its first user: as a parameter where training may change it, or where it is large.
void GraphReader::bring(const std::string& value, const Node& user) {
  const auto tensor = waiting_.find(value);
  if (tensor == waiting_.end()) return;
  const Use use = uses_[value];
  const bool trained = use.trained || (use.trained_unless_single && tensor->second.size() > 1);
  const bool weight = trained && is_floating(tensor->second.dtype());
  if (weight || tensor->second.byte_size() > kLargestConstant) {
    graph_.parameters.set(value, tensor->second);
    known_.add_parameter(value, tensor->second);
  } else {
    add({value, "Constant", user.stage, {}, {value}, {{"value", tensor->second}}}, "");
  }
  waiting_.erase(tensor);
}

void GraphReader::add(Node node, const std::string& scope) {
  const bool is_output = std::any_of(node.outputs.begin(), node.outputs.end(),
                                     [&](const std::string& output) { return outputs_.contains(output); });
  if (node.op == "Identity" && !is_output && node.inputs.size() == 1 && node.outputs.size() == 1) {
    alias_[node.outputs[0]] = node.inputs[0];
    return;
  }
  node.name = unique_name(node);
  if (!scope.empty()) scopes_[node.name] = scope;
  known_.add(node);
  graph_.nodes.push_back(std::move(node));
}

std::string GraphReader::unique_name(const Node& node) {
  std::string name = node.name.empty() && !node.outputs.empty() ? node.outputs[0] : node.name;
  for (int number = 2; !node_names_.insert(name).second; ++number) name = fmt::format("{}#{}", node.name, number);
  return name;
}

void GraphReader::read_outputs(const enxerto_onnx::GraphProto& proto) {
  for (const auto& output : proto.output()) {
    bring(output.name(), {});
    const ValueType* type = known_.type(output.name());
    if (type == nullptr) {
      fail_onnx(where_, {.found = fmt::format("output '{}', which nothing defines", output.name()),
                         .expected = "the name of a value"});
    }
    graph_.outputs.push_back({output.name(), type->dtype, type->shape});
  }
}

}  // namespace enxerto
