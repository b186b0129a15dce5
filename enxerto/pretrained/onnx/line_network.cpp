#include "enxerto/pretrained/onnx/line_network.h"

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/lines.h"
#include "enxerto/base/to_size.h"
#include "enxerto/base/utf8.h"
#include "enxerto/files/require_utf8.h"
#include "enxerto/graph/fold_shapes.h"
#include "enxerto/graph/free_batch.h"
#include "enxerto/graph/infer.h"
#include "enxerto/graph/local_shapes.h"
#include "enxerto/graph/own_parameters.h"
#include "enxerto/graph/separators.h"
#include "enxerto/graph/symbol.h"
#include "enxerto/media/image/text_line_preprocessor.h"
#include "enxerto/pretrained/ctc_model.h"
#include "enxerto/pretrained/onnx/counted_columns.h"
#include "enxerto/pretrained/onnx/find_stages.h"
#include "enxerto/pretrained/sound_parameters.h"
#include "enxerto/pretrained/turned_matrix.h"

namespace enxerto {
namespace {

constexpr const char* kCharacters = "character";

/// What the head's units write, the blank first. A line stands for one unit: of two that are equal one could never be
/// learned, and a list with a line too many has moved all that follow.
std::vector<std::string> line_units(const std::string& characters, const std::string& where) {
  std::vector<std::string> units{""};
  std::unordered_map<std::string_view, std::size_t> seen;
  for_each_line(without_byte_order_mark(characters), [&](std::string_view line, std::size_t number) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    const std::string place = fmt::format("{}: {}, line {}", where, kCharacters, number);
    require_utf8(line, place);
    const auto [first, is_new] = seen.emplace(line, number);
    if (!is_new)
      throw weights_error(place, fmt::format("'{}', which line {} has too", as_utf8(line), first->second),
                          "each character once", "take the list of characters that the network was trained with");
    units.emplace_back(line);
  });
  units.emplace_back(" ");
  return units;
}

/// The height of the lines that it takes.
std::int64_t take_picture(Graph& graph, const std::string& where) {
  const bool fits = graph.inputs.size() == 1 && graph.inputs[0].dtype == DType::f32 &&
                    graph.inputs[0].shape.size() == 4 && graph.inputs[0].shape[1] == Dim(3) &&
                    !graph.inputs[0].shape[2].is_symbolic() && graph.inputs[0].shape[3].is_symbolic();
  if (!fits)
    throw weights_error(where, graph.inputs.empty() ? "no input" : "the input " + to_string(graph.inputs[0].shape),
                        "one picture of float32 and of any width, (batch, 3, height, width)");
  graph.inputs[0].shape[0] = "batch";
  return graph.inputs[0].shape[2].size;
}

const Node* made_by(const Graph& graph, const std::string& value) {
  const auto found = std::ranges::find_if(
      graph.nodes, [&](const Node& node) { return std::ranges::find(node.outputs, value) != node.outputs.end(); });
  return found == graph.nodes.end() ? nullptr : &*found;
}

/// The numbers of a parameter, or of a constant.
const Tensor* known_tensor(const Graph& graph, const std::string& name) {
  if (const Tensor* const parameter = graph.parameters.find(name)) return parameter;
  const Node* const node = made_by(graph, name);
  if (node == nullptr || node->op != "Constant") return nullptr;
  const auto value = node->attributes.find("value");
  return value == node->attributes.end() ? nullptr : std::get_if<Tensor>(&value->second);
}

/// Takes the last layer off, the Softmax behind it too: "head.weight" (units, width) and "head.bias".
StateDict taken_head(Graph& graph, const std::string& where) {
  const auto refuse = [&](const std::string& found) {
    throw weights_error(where, found, "one output (batch, frames, characters) of MatMul, Add and Softmax");
  };
  if (graph.outputs.size() != 1) refuse(fmt::format("{} outputs", graph.outputs.size()));
  const Node* last = made_by(graph, graph.outputs[0].name);
  if (last != nullptr && last->op == "Softmax") last = made_by(graph, last->inputs[0]);
  if (last == nullptr || last->op != "Add") refuse(last == nullptr ? "no output" : "an output of " + last->op);
  const bool turned_round = known_tensor(graph, last->inputs[0]) != nullptr;
  const Tensor* const bias = known_tensor(graph, last->inputs[turned_round ? 0 : 1]);
  const Node* const product = made_by(graph, last->inputs[turned_round ? 1 : 0]);
  if (bias == nullptr || product == nullptr || product->op != "MatMul") refuse("another last layer");
  const Tensor* const weight = known_tensor(graph, product->inputs[1]);
  if (weight == nullptr || weight->shape().size() != 2 || bias->shape() != Shape{weight->shape()[1]})
    refuse("a last layer of other shapes");
  StateDict head;
  head.set("head.weight", turned_matrix(weight->to_float32()));
  head.set("head.bias", bias->to_float32());
  graph.outputs[0] = {.name = product->inputs[0], .dtype = DType::f32, .shape = {}};
  graph = without_dead_nodes(graph);
  return head;
}

/// The first node from where on a map is one px high; the number of nodes where there is no such place.
std::size_t begin_of_neck(const Graph& graph) {
  const ValueTypes types = infer_shapes(graph);
  for (const Separator& separator : separators(graph)) {
    const SymbolicShape& shape = types.at(separator.value).shape;
    if (shape.size() == 4 && shape[2] == Dim(1)) return separator.position;
  }
  return graph.nodes.size();
}

/// What looks along the line is a stage; the pooling before it is part of the stage that it pools.
Graph with_neck_stage(Graph graph) {
  const std::size_t begin = begin_of_neck(graph);
  std::size_t pooling = begin;
  const auto has_parameters = [&](const Node& node) {
    return std::ranges::any_of(node.inputs, [&](const std::string& input) { return graph.parameters.contains(input); });
  };
  while (pooling > 1 && graph.nodes[pooling - 1].stage == graph.nodes[begin - 1].stage &&
         !has_parameters(graph.nodes[pooling - 1]))
    --pooling;
  const bool alone = pooling > 0 && graph.nodes[pooling - 1].stage != graph.nodes[begin - 1].stage;
  for (std::size_t i = pooling; alone && i < begin; ++i) graph.nodes[i].stage = graph.nodes[pooling - 1].stage;
  for (std::size_t i = begin; i < graph.nodes.size(); ++i) graph.nodes[i].stage = "neck";
  return graph;
}

}  // namespace

bool reads_lines(const std::map<std::string, std::string>& metadata) { return metadata.contains(kCharacters); }

SymbolicShape line_sizes(const std::map<std::string, std::string>& metadata) {
  if (!reads_lines(metadata)) return {};
  const TextLinePreprocess usual;
  return {"batch", 3, usual.height, times(Dim("frames"), Dim(usual.step)).value()};
}

void read_line_network(OnnxModel model, const std::string& where, Backbone& backbone) {
  TextLinePreprocess line;
  std::vector<std::string> units = line_units(model.metadata.at(kCharacters), where);
  Graph graph = std::move(model.graph);
  line.height = take_picture(graph, where);
  const StateDict head = taken_head(graph, where);
  if (head.at("head.bias").shape() != Shape{std::ssize(units)})
    throw weights_error(where,
                        fmt::format("{} characters, a blank and a space, and a head of {} units", units.size() - 2,
                                    head.at("head.bias").size()),
                        "as many", "take the file from the source of the weights");
  graph = with_local_shapes(fold_shapes(with_free_batch(graph, "batch")));
  const std::size_t end = graph.nodes.size();
  graph = with_neck_stage(with_found_stages(std::move(graph), end, model.scopes));
  CountedColumns counted = with_counted_columns(std::move(graph), line.step, where);
  line.reach = counted.reach;
  graph = with_own_parameters(counted.graph);
  graph.outputs[0].shape = infer_shapes(graph).at(graph.outputs[0].name).shape;
  check(graph);
  require_sound(graph, graph.parameters, where);
  backbone.graph = with_ctc_head(graph, head);
  backbone.units = std::move(units);
  backbone.spec.preprocessor = text_line_preprocessor(line, where);
}

}  // namespace enxerto
