#include "enxerto/graph/builder.h"

#include <algorithm>

#include <fmt/format.h>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

using Ints = std::vector<std::int64_t>;

std::int64_t channels(std::string_view node, const SymbolicShape& shape, std::size_t rank) {
  if (shape.size() != rank || shape[1].is_symbolic() || shape[1].size <= 0) {
    throw weights_error(fmt::format("node '{}'", node), "an input of shape " + to_string(shape),
                        fmt::format("{} dimensions, with a known number of channels", rank));
  }
  return shape[1].size;
}

}  // namespace

GraphBuilder::GraphBuilder(std::string name) { blueprint_.graph.name = std::move(name); }

std::string GraphBuilder::input(std::string name, SymbolicShape shape, DType dtype) {
  types_[name] = {dtype, shape};
  blueprint_.graph.inputs.push_back({name, dtype, std::move(shape)});
  return name;
}

GraphBuilder& GraphBuilder::stage(std::string name) {
  stage_ = std::move(name);
  return *this;
}

std::string GraphBuilder::parameter(std::string name, Shape shape, DType dtype) {
  if (const auto known = std::ranges::find(blueprint_.parameters, name, &ParameterSpec::name);
      known != blueprint_.parameters.end()) {
    if (known->shape != shape || known->dtype != dtype)
      throw weights_error(fmt::format("parameter '{}'", name), "it is there with another shape or type",
                          "a name of its own");
    return name;
  }
  types_[name] = {dtype, SymbolicShape(shape.begin(), shape.end())};
  blueprint_.parameters.push_back({.name = name, .dtype = dtype, .shape = std::move(shape), .role = Role::constant});
  return name;
}

GraphBuilder& GraphBuilder::start(std::string_view name, StartingValues values) {
  const auto known = std::ranges::find(blueprint_.parameters, name, &ParameterSpec::name);
  if (known == blueprint_.parameters.end())
    throw weights_error(fmt::format("parameter '{}'", name), "it was not declared", "a parameter of the network");
  known->start = values;
  return *this;
}

std::string GraphBuilder::integers(const std::vector<std::int64_t>& values) {
  return constant(Tensor::of<std::int64_t>({std::ssize(values)}, std::span<const std::int64_t>(values)));
}

std::string GraphBuilder::constant(const Tensor& tensor) {
  const std::string prefix = fmt::format("{}/constant", stage_);
  for (std::size_t number = 0;; ++number) {
    std::string name = fmt::format("{}{}", prefix, number);
    const auto known = constants_.find(name);
    if (known == constants_.end()) {
      constants_.emplace(name, tensor);
      return add("Constant", name, {}, {{"value", tensor}});
    }
    if (identical(known->second, tensor)) return name;
  }
}

std::string GraphBuilder::add(std::string op, std::string name, std::vector<std::string> inputs,
                              Attributes attributes) {
  append({name, std::move(op), stage_, std::move(inputs), {name}, std::move(attributes)});
  return name;
}

std::vector<std::string> GraphBuilder::split(const std::string& x, const std::string& name, std::int64_t parts) {
  std::vector<std::string> names;
  for (std::int64_t i = 0; i < parts; ++i) names.push_back(fmt::format("{}.{}", name, i));
  append({name, "Split", stage_, {x}, names, {{"axis", std::int64_t{-1}}, {"num_outputs", parts}}});
  return names;
}

void GraphBuilder::append(Node node) {
  std::vector<InferInput> known(node.inputs.size());
  for (std::size_t i = 0; i < known.size(); ++i) {
    const std::string& input = node.inputs[i];
    if (input.empty()) continue;
    const auto type = types_.find(input);
    if (type == types_.end())
      throw weights_error(fmt::format("node '{}'", node.name), "unknown input '" + input + "'", "a value");
    const auto value = constants_.find(input);
    known[i] = {.type = &type->second, .constant = value == constants_.end() ? nullptr : &value->second};
    const auto spec = std::find_if(blueprint_.parameters.rbegin(), blueprint_.parameters.rend(),
                                   [&](const ParameterSpec& candidate) { return candidate.name == input; });
    if (spec != blueprint_.parameters.rend() && spec->role == Role::constant) spec->role = role_at(node.op, i);
  }
  const std::vector<ValueType> outputs = infer_node(node, known);
  for (std::size_t i = 0; i < node.outputs.size(); ++i) types_[node.outputs[i]] = outputs.at(i);
  blueprint_.graph.nodes.push_back(std::move(node));
}

const ValueType& GraphBuilder::type_of(std::string_view value) const {
  const auto type = types_.find(std::string(value));
  if (type == types_.end())
    throw weights_error(blueprint_.graph.name, fmt::format("unknown value '{}'", value), "a value");
  return type->second;
}

const SymbolicShape& GraphBuilder::shape_of(std::string_view value) const { return type_of(value).shape; }

DType GraphBuilder::dtype_of(std::string_view value) const { return type_of(value).dtype; }

std::string GraphBuilder::weights_on(const std::string& x, std::string name, Shape shape) {
  return parameter(std::move(name), std::move(shape), dtype_of(x));
}

std::string GraphBuilder::conv(const std::string& x, const ConvSpec& spec) {
  const std::int64_t in = channels(spec.name, shape_of(x), 4);
  if (spec.out <= 0 || spec.groups <= 0 || in % spec.groups != 0 || spec.out % spec.groups != 0) {
    throw weights_error(fmt::format("node '{}'", spec.name),
                        fmt::format("{} -> {} channels in {} groups", in, spec.out, spec.groups),
                        "a number of groups that divides both");
  }
  const std::int64_t height = spec.kernel;
  const std::int64_t width = spec.kernel_width == 0 ? height : spec.kernel_width;
  Attributes attributes{{"kernel_shape", Ints{height, width}}, {"strides", Ints{spec.stride, spec.stride}}};
  if (spec.groups != 1) attributes["group"] = spec.groups;
  if (spec.padding == Padding::same) attributes["auto_pad"] = std::string("SAME_UPPER");
  if (spec.padding == Padding::centered && std::max(height, width) > 1)
    attributes["pads"] = Ints{spec.dilation * (height / 2), spec.dilation * (width / 2), spec.dilation * (height / 2),
                              spec.dilation * (width / 2)};
  if (spec.dilation != 1) attributes["dilations"] = Ints{spec.dilation, spec.dilation};
  const std::string& stem = spec.shared.empty() ? spec.name : spec.shared;
  std::vector<std::string> inputs{x, weights_on(x, stem + ".weight", {spec.out, in / spec.groups, height, width})};
  if (spec.bias) inputs.push_back(weights_on(x, stem + ".bias", {spec.out}));
  return add("Conv", spec.name, std::move(inputs), std::move(attributes));
}

std::string GraphBuilder::batch_norm(const std::string& x, const std::string& name, float epsilon) {
  const std::int64_t count = channels(name, shape_of(x), shape_of(x).size());
  return add("BatchNormalization", name,
             {x, weights_on(x, name + ".weight", {count}), weights_on(x, name + ".bias", {count}),
              weights_on(x, name + ".running_mean", {count}), weights_on(x, name + ".running_var", {count})},
             {{"epsilon", epsilon}});
}

std::string GraphBuilder::relu(const std::string& x, const std::string& name) { return add("Relu", name, {x}); }

std::string GraphBuilder::relu6(const std::string& x, const std::string& name) {
  return add("Clip", name, {x, constant(Tensor::scalar(0.0F)), constant(Tensor::scalar(6.0F))});
}

std::string GraphBuilder::max_pool(const std::string& x, const std::string& name, std::int64_t kernel,
                                   std::int64_t stride) {
  return add(
      "MaxPool", name, {x},
      {{"kernel_shape", Ints{kernel, kernel}}, {"strides", Ints{stride, stride}}, {"pads", Ints(4, kernel / 2)}});
}

std::string GraphBuilder::global_average_pool(const std::string& x, const std::string& name) {
  return add("Flatten", name + ".flatten", {add("GlobalAveragePool", name, {x})}, {{"axis", std::int64_t{1}}});
}

std::string GraphBuilder::linear(const std::string& x, const std::string& name, std::int64_t out) {
  const std::int64_t in = channels(name, shape_of(x), 2);
  return add("Gemm", name, {x, weights_on(x, name + ".weight", {out, in}), weights_on(x, name + ".bias", {out})},
             {{"transB", std::int64_t{1}}});
}

std::string GraphBuilder::dense(const std::string& x, const std::string& name, std::int64_t out) {
  const std::string weight = weights_on(x, name + ".weight", {out, shape_of(x).back().size});
  const std::string turned = add("Transpose", name + ".transposed", {weight}, {{"perm", Ints{1, 0}}});
  const std::string product = add("MatMul", name + ".product", {x, turned});
  return add("Add", name, {product, weights_on(x, name + ".bias", {out})});
}

std::string GraphBuilder::layer_norm(const std::string& x, const std::string& name, float epsilon) {
  const std::int64_t width = shape_of(x).back().size;
  return add("LayerNormalization", name,
             {x, weights_on(x, name + ".weight", {width}), weights_on(x, name + ".bias", {width})},
             {{"axis", std::int64_t{-1}}, {"epsilon", epsilon}});
}

GraphBuilder& GraphBuilder::output(const std::string& value, const std::string& name) {
  const ValueType known = type_of(value);
  for (Node& node : blueprint_.graph.nodes) {
    std::replace(node.inputs.begin(), node.inputs.end(), value, name);
    std::replace(node.outputs.begin(), node.outputs.end(), value, name);
  }
  types_[name] = known;
  blueprint_.graph.outputs.push_back({name, known.dtype, known.shape});
  return *this;
}

Blueprint GraphBuilder::finish() && {
  // The graph alone would use names that nothing defines yet, so the check sees the parameters as inputs.
  Graph graph = blueprint_.graph;
  for (const ParameterSpec& spec : blueprint_.parameters) {
    graph.inputs.push_back({spec.name, spec.dtype, SymbolicShape(spec.shape.begin(), spec.shape.end())});
  }
  check(graph);
  return std::move(blueprint_);
}

}  // namespace enxerto
