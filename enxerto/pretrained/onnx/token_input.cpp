#include "enxerto/pretrained/onnx/token_input.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/graph/fold_shapes.h"
#include "enxerto/graph/infer.h"
#include "enxerto/graph/local_shapes.h"
#include "enxerto/pretrained/onnx/picture_input.h"

namespace enxerto {
namespace {

constexpr std::array<std::string_view, 3> kInputs{"input_ids", "attention_mask", "token_type_ids"};

void take_inputs(Graph& graph, const std::string& where) {
  for (Value& input : graph.inputs) {
    const bool known = std::ranges::find(kInputs, input.name) != kInputs.end();
    if (!known || input.shape.size() != 2 || input.dtype != DType::i64)
      throw weights_error(where,
                          fmt::format("the input {} {} {}", input.name, name_of(input.dtype), to_string(input.shape)),
                          "input_ids, attention_mask and token_type_ids, each (batch, tokens) of int64",
                          "export the network without a cache of past tokens");
    input.shape = {Dim("batch"), Dim("tokens")};
  }
}

void take_states(Graph& graph, const std::string& where, std::vector<std::string>& notes) {
  const ValueTypes types = infer_shapes(graph);
  const auto states =
      std::ranges::find_if(graph.outputs, [&](const Value& output) { return types.at(output.name).shape.size() == 3; });
  if (states == graph.outputs.end())
    throw weights_error(where, "no output with a row for each token", "one such as last_hidden_state",
                        "export the encoder without its pooling");
  const Value kept = *states;  // NOLINT(performance-unnecessary-copy-initialization): the list changes
  for (const Value& output : graph.outputs) {
    if (output.name != kept.name) notes.push_back(fmt::format("its output {} is not used", output.name));
  }
  graph.outputs = {kept};
  for (Node& node : graph.nodes) {
    std::ranges::replace(node.inputs, kept.name, std::string("states"));
    std::ranges::replace(node.outputs, kept.name, std::string("states"));
  }
  graph.outputs[0].name = "states";
  graph.outputs[0].shape = types.at(kept.name).shape;
}

/// "/encoder/layer.3/attention/.." and "encoder.layer.3.attention": 3, the first number that is a module's own.
std::optional<int> block_of(std::string_view path) {
  for (std::size_t at = 0; at < path.size(); ++at) {
    if (std::isdigit(static_cast<unsigned char>(path[at])) == 0) continue;
    std::size_t end = at;
    while (end < path.size() && std::isdigit(static_cast<unsigned char>(path[end])) != 0) ++end;
    const bool own = at > 0 && (path[at - 1] == '.' || path[at - 1] == '/') && end < path.size() &&
                     (path[end] == '/' || path[end] == '.') && end - at <= 3;
    if (own) return std::stoi(std::string(path.substr(at, end - at)));
    at = end;
  }
  return std::nullopt;
}

/// The table that a Gather of this node reads, where it is a parameter of two dimensions.
const Tensor* table_of(const Graph& graph, const Node& node) {
  if (node.op != "Gather") return nullptr;
  const Tensor* const table = graph.parameters.find(node.inputs[0]);
  return table != nullptr && table->shape().size() == 2 ? table : nullptr;
}

std::int64_t rows_for(const Graph& graph, std::string_view input) {
  for (const Node& node : graph.nodes) {
    const Tensor* const table = table_of(graph, node);
    if (table != nullptr && node.inputs[1] == input) return table->shape()[0];
  }
  return 0;
}

}  // namespace

bool takes_tokens(const Graph& graph) {
  return std::ranges::any_of(graph.inputs, [](const Value& input) { return input.name == kInputs[0]; });
}

Graph with_token_input(Graph graph, const std::string& where, std::vector<std::string>& notes) {
  const bool half = std::any_of(graph.parameters.begin(), graph.parameters.end(), [](const auto& entry) {
    return entry.second.dtype() == DType::f16 || entry.second.dtype() == DType::bf16;
  });
  if (half) {
    graph = in_float32(std::move(graph));
    notes.emplace_back("half precision read as float32");
  }
  take_inputs(graph, where);
  take_states(graph, where, notes);
  return with_local_shapes(fold_shapes(graph));
}

Graph with_block_stages(Graph graph, const std::unordered_map<std::string, std::string>& scopes) {
  std::string stage = "embeddings";
  int next = 0;
  for (Node& node : graph.nodes) {
    const auto scope = scopes.find(node.name);
    const std::string path = scope == scopes.end() ? node.name : scope->second + "/";  // a scope is all module
    const std::optional<int> block = node.op == "Constant" ? std::nullopt : block_of(path);
    if (block == next) stage = fmt::format("block{}", next++);
    node.stage = stage;
  }
  return graph;
}

std::int64_t embedding_rows(const Graph& graph) { return rows_for(graph, "input_ids"); }

std::int64_t type_rows(const Graph& graph) { return rows_for(graph, "token_type_ids"); }

std::int64_t position_rows(const Graph& graph) {
  for (const Node& node : graph.nodes) {
    const Tensor* const table = table_of(graph, node);
    if (table != nullptr && node.inputs[0].find("position") != std::string::npos) return table->shape()[0];
  }
  return 0;
}

}  // namespace enxerto
