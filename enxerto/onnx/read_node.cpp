#include "enxerto/onnx/read_node.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "enxerto/onnx/onnx_error.h"
#include "enxerto/onnx/read_tensor.h"
#include "enxerto_onnx.pb.h"

namespace enxerto {
namespace {

using enxerto_onnx::AttributeProto;

[[noreturn]] void refuse(const std::string& where, const AttributeProto& proto) {
  fail_onnx(where,
            {.found = fmt::format("attribute '{}' of ONNX type {}", proto.name(), static_cast<int>(proto.type())),
             .expected = "numbers, a string or a tensor"});
}

/// Files before IR version 4 may leave the type out.
AttributeProto::AttributeType type_of(const AttributeProto& proto) {
  if (proto.type() != AttributeProto::UNDEFINED) return proto.type();
  if (proto.has_f()) return AttributeProto::FLOAT;
  if (proto.has_i()) return AttributeProto::INT;
  if (proto.has_s()) return AttributeProto::STRING;
  if (proto.has_t()) return AttributeProto::TENSOR;
  return proto.floats_size() > 0 ? AttributeProto::FLOATS : AttributeProto::INTS;
}

Attribute read_attribute(AttributeProto& proto, TensorReader& tensors, const std::string& where) {
  switch (type_of(proto)) {
    case AttributeProto::FLOAT:
      return proto.f();
    case AttributeProto::INT:
      return std::int64_t{proto.i()};
    case AttributeProto::STRING:
      return proto.s();
    case AttributeProto::TENSOR:
      return tensors.read(*proto.mutable_t());
    case AttributeProto::FLOATS:
      return std::vector<float>(proto.floats().begin(), proto.floats().end());
    case AttributeProto::STRINGS:  // names of activations, which are only read
      return fmt::format("{}", fmt::join(proto.strings(), " "));
    case AttributeProto::INTS:
      return std::vector<std::int64_t>(proto.ints().begin(), proto.ints().end());
    default:
      refuse(where, proto);
  }
}

struct AsTensor {
  Tensor operator()(std::int64_t value) const { return Tensor::scalar(value); }
  Tensor operator()(float value) const { return Tensor::scalar(value); }
  Tensor operator()(const std::vector<std::int64_t>& values) const {
    return Tensor::of<std::int64_t>({static_cast<std::int64_t>(values.size())}, values);
  }
  Tensor operator()(const std::vector<float>& values) const {
    return Tensor::of<float>({static_cast<std::int64_t>(values.size())}, values);
  }
  Tensor operator()(const Tensor& value) const { return value; }
  Tensor operator()(const std::string& /*value*/) const { return {}; }
};

/// Constant's other forms (value_ints ..) as its "value".
void normalize_constant(Node& node, const std::string& where) {
  const auto attribute = node.attributes.begin();
  const bool known = node.attributes.size() == 1 && attribute->first.starts_with("value") &&
                     !std::holds_alternative<std::string>(attribute->second);
  if (!known) fail_onnx(where, {.found = "a constant that is not a numeric tensor", .expected = "one"});
  Tensor value = std::visit(AsTensor{}, attribute->second);
  node.attributes = {{"value", std::move(value)}};
}

/// The items of a list as Python writes it: ['', 'layer1', 'layer1.0'].
std::vector<std::string> python_list(const std::string& text) {
  std::vector<std::string> items;
  std::size_t at = 0;
  while ((at = text.find_first_of("'\"", at)) != std::string::npos) {
    const std::size_t end = text.find(text[at], at + 1);
    if (end == std::string::npos) break;
    items.push_back(text.substr(at + 1, end - at - 1));
    at = end + 1;
  }
  return items;
}

/// "/layer1/layer1.0/conv1/Conv", as the older exporter names nodes: the part before the operation, each module under
/// its own name or under its path from the root.
std::string scope_in_name(std::string_view name) {
  std::string scope;
  std::string_view rest = name.starts_with('/') ? name.substr(1) : std::string_view{};
  while (true) {
    const std::size_t slash = rest.find('/');
    if (slash == std::string_view::npos) return scope;
    const std::string_view part = rest.substr(0, slash);
    const std::size_t dot = scope.rfind('.');
    const std::string last = dot == std::string::npos ? scope : scope.substr(dot + 1);
    // A Sequential inside is called again by the name of the block: "layer1.0" behind "layer1".
    if (scope.empty()) {
      scope = part;
    } else if (part.starts_with(last + ".")) {
      scope += part.substr(last.size());
    } else {
      scope += fmt::format(".{}", part);
    }
    rest.remove_prefix(slash + 1);
  }
}

/// The module of a weight, "features.conv0" of "features.conv0.weight", where it stands beside `scope`: what an
/// exporter has folded a normalisation into is still the layer, as other exporters say it.
std::string module_of_weight(const enxerto_onnx::NodeProto& proto, const std::string& scope) {
  constexpr std::string_view kWeight = ".weight";
  if (proto.op_type() != "Conv" || proto.input_size() < 2 || !proto.input(1).ends_with(kWeight)) return scope;
  const std::string module = proto.input(1).substr(0, proto.input(1).size() - kWeight.size());
  const auto parent = [](const std::string& path) { return path.substr(0, std::min(path.rfind('.'), path.size())); };
  const bool beside =
      module.find('.') != std::string::npos && scope.find('.') != std::string::npos && parent(module) == parent(scope);
  return beside ? module : scope;
}

std::string scope_in_metadata(const std::string& text) {
  // The last item is the operation itself, the one before it the innermost module, by its whole path.
  const std::vector<std::string> items = python_list(text);
  if (items.size() < 2 || items.front().starts_with("_empty_nn_module")) return "";
  return items[items.size() - 2];
}

}  // namespace

std::string scope_of(const enxerto_onnx::NodeProto& proto) {
  for (const auto& entry : proto.metadata_props())
    if (entry.key() == "pkg.torch.onnx.name_scopes") return module_of_weight(proto, scope_in_metadata(entry.value()));
  return scope_in_name(proto.name());
}

Node read_node(enxerto_onnx::NodeProto& proto, TensorReader& tensors, const std::string& where) {
  Node node{.name = proto.name(), .op = proto.op_type(), .stage = {}, .inputs = {}, .outputs = {}, .attributes = {}};
  node.inputs.assign(proto.input().begin(), proto.input().end());
  node.outputs.assign(proto.output().begin(), proto.output().end());
  const std::string place = fmt::format("{}: node '{}' ({})", where, node.name, node.op);
  for (AttributeProto& attribute : *proto.mutable_attribute()) {
    node.attributes.insert_or_assign(attribute.name(), read_attribute(attribute, tensors, place));
  }
  if (node.op == "Constant") normalize_constant(node, place);
  for (const auto& entry : proto.metadata_props())
    if (entry.key() == "enxerto.stage") node.stage = entry.value();
  return node;
}

}  // namespace enxerto
