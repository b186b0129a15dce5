#include "enxerto/onnx/model.h"

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/version.h"
#include "enxerto/onnx/element_type.h"
#include "enxerto_onnx.pb.h"

namespace enxerto {
namespace {

constexpr std::int64_t kIrVersion = 10;
constexpr std::int64_t kOpset = 20;
constexpr std::size_t kLargestMessage = (std::size_t{1} << 31) - 1;
constexpr std::size_t kRoomForTheGraph = std::size_t{16} << 20;

struct SetAttribute {
  enxerto_onnx::AttributeProto& proto;
  using Proto = enxerto_onnx::AttributeProto;

  void operator()(std::int64_t value) const {
    proto.set_type(Proto::INT);
    proto.set_i(value);
  }
  void operator()(float value) const {
    proto.set_type(Proto::FLOAT);
    proto.set_f(value);
  }
  void operator()(const std::string& value) const {
    proto.set_type(Proto::STRING);
    proto.set_s(value);
  }
  void operator()(const std::vector<std::int64_t>& values) const {
    proto.set_type(Proto::INTS);
    for (const std::int64_t value : values) proto.add_ints(value);
  }
  void operator()(const std::vector<float>& values) const {
    proto.set_type(Proto::FLOATS);
    for (const float value : values) proto.add_floats(value);
  }
  void operator()(const Tensor& value) const {
    proto.set_type(Proto::TENSOR);
    fill(*proto.mutable_t(), value, nullptr);
  }
};

void fill(enxerto_onnx::ValueInfoProto& proto, const Value& value) {
  proto.set_name(value.name);
  auto* type = proto.mutable_type()->mutable_tensor_type();
  type->set_elem_type(onnx_element_type(value.dtype));
  type->mutable_shape();  // there even for a scalar: without it the rank would be unknown
  for (const Dim& dim : value.shape) {
    auto* to = type->mutable_shape()->add_dim();
    if (dim.is_symbolic()) {
      to->set_dim_param(dim.symbol);
    } else {
      to->set_dim_value(dim.size);
    }
  }
}

void fill(enxerto_onnx::NodeProto& proto, const Node& node) {
  proto.set_name(node.name);
  proto.set_op_type(node.op);
  for (const std::string& input : node.inputs) proto.add_input(input);
  for (const std::string& output : node.outputs) proto.add_output(output);
  for (const auto& [name, value] : node.attributes) {
    auto* attribute = proto.add_attribute();
    attribute->set_name(name);
    std::visit(SetAttribute{*attribute}, value);
  }
  if (node.stage.empty()) return;
  auto* stage = proto.add_metadata_props();
  stage->set_key("enxerto.stage");
  stage->set_value(node.stage);
}

void fill(enxerto_onnx::GraphProto& proto, const Graph& graph, const Placements& placements) {
  proto.set_name(graph.name.empty() ? "graph" : graph.name);
  for (const Value& input : graph.inputs) fill(*proto.add_input(), input);
  for (const Value& output : graph.outputs) fill(*proto.add_output(), output);
  for (const Node& node : graph.nodes) fill(*proto.add_node(), node);
  for (const auto& [name, tensor] : graph.parameters) {
    auto* initializer = proto.add_initializer();
    initializer->set_name(name);
    const auto placement = placements.find(name);
    fill(*initializer, tensor, placement == placements.end() ? nullptr : &placement->second);
  }
}

void check_size(const Graph& graph, const Placements& placements) {
  std::size_t inside = kRoomForTheGraph;
  for (const auto& [name, tensor] : graph.parameters) {
    if (!placements.contains(name)) inside += tensor.byte_size();
    if (inside > kLargestMessage) {
      throw usage_error(fmt::format("ONNX export of '{}'", graph.name), "more than 2 GB of parameters inside the file",
                        "at most 2 GB, the limit of the format", "external data: the parameters in a file next to it");
    }
  }
}

}  // namespace

std::string serialize_model(const Graph& graph, const Placements& placements,
                            const std::map<std::string, std::string>& metadata) {
  check(graph);
  check_size(graph, placements);
  enxerto_onnx::ModelProto model;
  model.set_ir_version(kIrVersion);
  model.set_producer_name("enxerto");
  model.set_producer_version(std::string(version()));
  model.add_opset_import()->set_version(kOpset);
  fill(*model.mutable_graph(), graph, placements);
  for (const auto& [key, value] : metadata) {
    auto* entry = model.add_metadata_props();
    entry->set_key(key);
    entry->set_value(value);
  }
  std::string bytes;
  if (model.ByteSizeLong() > kLargestMessage || !model.SerializeToString(&bytes)) {
    throw usage_error(fmt::format("ONNX export of '{}'", graph.name), "a graph larger than 2 GB",
                      "at most 2 GB, the limit of the format", "external data: the parameters in a file next to it");
  }
  return bytes;
}

}  // namespace enxerto
