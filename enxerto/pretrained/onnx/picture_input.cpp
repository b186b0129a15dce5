#include "enxerto/pretrained/onnx/picture_input.h"

#include <algorithm>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/graph/attributes.h"
#include "enxerto/graph/fold_shapes.h"
#include "enxerto/graph/free_batch.h"
#include "enxerto/graph/input_size.h"
#include "enxerto/graph/local_shapes.h"

namespace enxerto {
namespace {

using Ints = std::vector<std::int64_t>;

[[noreturn]] void refuse(const std::string& where, const Graph& graph) {
  std::string inputs;
  for (const Value& input : graph.inputs)
    inputs +=
        fmt::format("{}{} {} {}", inputs.empty() ? "" : ", ", input.name, name_of(input.dtype), to_string(input.shape));
  throw weights_error(where, inputs.empty() ? "no input" : "the input " + inputs,
                      "one picture of float32 or bytes: (batch, 3, height, width) or (batch, height, width, 3)",
                      "export the network with the picture as its only input");
}

bool is_half(DType dtype) { return dtype == DType::f16 || dtype == DType::bf16; }

void rename(Graph& graph, const std::string& from, const std::string& to) {
  for (Node& node : graph.nodes) {
    std::replace(node.inputs.begin(), node.inputs.end(), from, to);
    std::replace(node.outputs.begin(), node.outputs.end(), from, to);
  }
  for (Value& value : graph.inputs)
    if (value.name == from) value.name = to;
  for (Value& value : graph.outputs)
    if (value.name == from) value.name = to;
}

/// The picture comes as (N, C, H, W) from here on; a Transpose right behind it that did the same goes.
void turn_input(Graph& graph) {
  Value& input = graph.inputs[0];
  const std::string last = fmt::format("{}/channels_last", input.name);
  for (Node& node : graph.nodes) std::replace(node.inputs.begin(), node.inputs.end(), input.name, last);
  input.shape = {input.shape[0], input.shape[3], input.shape[1], input.shape[2]};
  const auto turns_back = [&](const Node& node) {
    return node.op == "Transpose" && node.inputs[0] == last && attribute<Ints>(node, "perm", {}) == Ints{0, 3, 1, 2};
  };
  std::vector<std::string> turned;
  for (const Node& node : graph.nodes)
    if (turns_back(node)) turned.push_back(node.outputs[0]);
  std::erase_if(graph.nodes, turns_back);
  for (const std::string& name : turned)
    for (Node& node : graph.nodes) std::replace(node.inputs.begin(), node.inputs.end(), name, input.name);
  const std::string stage = graph.nodes.empty() ? "" : graph.nodes.front().stage;
  graph.nodes.insert(graph.nodes.begin(),
                     {last, "Transpose", stage, {input.name}, {last}, {{"perm", Ints{0, 2, 3, 1}}}});
}

void set_size(Graph& graph, const PictureInput& options) {
  SymbolicShape& shape = graph.inputs[0].shape;
  const bool open = shape[2].is_symbolic() || shape[3].is_symbolic();
  if (!open && options.size > 0 && (shape[2] != Dim(std::int64_t{options.size}) || shape[2] != shape[3])) {
    graph = with_input_size(std::move(graph), options.size);
  } else if (open) {
    const int size = options.size > 0 ? options.size : options.fallback;
    if (options.size <= 0)
      options.notes->push_back(fmt::format("the file does not fix the size of the picture: using {} px", size));
    shape[2] = shape[3] = std::int64_t{size};
  }
  if (shape[2] != shape[3] || shape[2].size < 1) refuse(options.where, graph);
}

}  // namespace

Graph in_float32(Graph graph) {
  for (Value& input : graph.inputs)
    if (is_half(input.dtype)) input.dtype = DType::f32;
  for (Value& output : graph.outputs)
    if (is_half(output.dtype)) output.dtype = DType::f32;
  StateDict parameters;
  for (const auto& [name, tensor] : graph.parameters)
    parameters.set(name, is_half(tensor.dtype()) ? tensor.to_float32() : tensor);
  graph.parameters = std::move(parameters);
  constexpr std::int64_t kFloat = 1, kFloat16 = 10, kBFloat16 = 16;  // TensorProto.DataType
  for (Node& node : graph.nodes) {
    for (auto& [name, value] : node.attributes) {
      if (auto* tensor = std::get_if<Tensor>(&value); tensor != nullptr && is_half(tensor->dtype()))
        *tensor = tensor->to_float32();
      if (auto* type = std::get_if<std::int64_t>(&value); type != nullptr && node.op == "Cast" && name == "to")
        if (*type == kFloat16 || *type == kBFloat16) *type = kFloat;
    }
  }
  return graph;
}

Graph with_picture_input(Graph graph, const PictureInput& options) {
  if (graph.inputs.size() != 1 || graph.inputs[0].shape.size() != 4) refuse(options.where, graph);
  const bool half =
      is_half(graph.inputs[0].dtype) || std::any_of(graph.parameters.begin(), graph.parameters.end(),
                                                    [](const auto& entry) { return is_half(entry.second.dtype()); });
  if (half) {
    graph = in_float32(std::move(graph));
    options.notes->emplace_back("half precision read as float32");
  }
  // A Cast follows, which has nothing more to do.
  if (graph.inputs[0].dtype == DType::u8) graph.inputs[0].dtype = DType::f32;
  const SymbolicShape& shape = graph.inputs[0].shape;
  const bool channels_first = shape[1] == Dim(3);
  if (graph.inputs[0].dtype != DType::f32 || (!channels_first && shape[3] != Dim(3))) refuse(options.where, graph);
  if (!channels_first) turn_input(graph);
  rename(graph, graph.inputs[0].name, "input");
  set_size(graph, options);
  return with_local_shapes(with_free_batch(graph, "batch"));
}

}  // namespace enxerto
