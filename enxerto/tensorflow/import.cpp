#include "enxerto/tensorflow/import.h"

#include <algorithm>
#include <map>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"
#include "enxerto/base/floating.h"
#include "enxerto/base/to_size.h"
#include "enxerto/files/is_file.h"
#include "enxerto/files/json.h"
#include "enxerto/files/read.h"
#include "enxerto/graph/fold_shapes.h"
#include "enxerto/graph/infer.h"
#include "enxerto/tensorflow/graph_def.h"
#include "enxerto/tensorflow/node_writer.h"
#include "enxerto/tensorflow/operators.h"
#include "enxerto/weights/weight_error.h"

namespace enxerto {
namespace {

constexpr std::size_t kLargestTopology = std::size_t{64} << 20, kNamedNodes = 3;

bool is_given(const TfNode& node) { return node.op == "Const" || node.op == "Placeholder"; }
bool is_read(const TfNode& node) { return is_given(node) || find_tf_operator(node.op) != nullptr; }

/// What an output depends on, before what takes it.
class Ancestry {
 public:
  Ancestry(const GraphDef& graph, std::string_view where) : graph_(graph), where_(where), state_(graph.nodes.size()) {}

  /// Adds the ancestors of a node that are not there yet. A network may be deep: no recursion.
  void add(std::size_t root) {
    std::vector<std::pair<std::size_t, std::size_t>> path;  // a node, and how many of its inputs are done
    enter(root, path);
    while (!path.empty()) {
      const auto [node, next] = path.back();
      const std::vector<TfReference>& inputs = graph_.nodes[node].inputs;
      if (next == inputs.size()) {
        state_[node] = State::done;
        order_.push_back(node);
        path.pop_back();
        continue;
      }
      ++path.back().second;
      enter(graph_.by_name.at(inputs[next].node), path);
    }
  }

  const std::vector<std::size_t>& order() const { return order_; }

 private:
  enum class State : std::uint8_t { unknown, open, done };

  void enter(std::size_t node, std::vector<std::pair<std::size_t, std::size_t>>& path) {
    if (state_[node] == State::open)
      throw_weights_error(where_, {.found = fmt::format("a cycle through node {}", shown(graph_.nodes[node].name)),
                                   .expected = "a network without loops",
                                   .tip = {}});
    if (state_[node] == State::done) return;
    state_[node] = State::open;
    path.emplace_back(node, 0);
  }

  const GraphDef& graph_;
  std::string_view where_;
  std::vector<State> state_;
  std::vector<std::size_t> order_;
};

/// "NonMaxSuppressionV5 (2: a, b)" of the nodes that are not read.
std::string unknown_in(const GraphDef& graph, const std::vector<std::size_t>& nodes) {
  std::map<std::string, std::vector<std::string>> unknown;
  for (const std::size_t node : nodes)
    if (!is_read(graph.nodes[node])) unknown[graph.nodes[node].op].push_back(graph.nodes[node].name);
  std::vector<std::string> rows;
  for (auto& [op, names] : unknown) {
    const std::size_t count = names.size();
    if (count > kNamedNodes) names.resize(kNamedNodes);
    rows.push_back(fmt::format("{} ({}: {}{})", op, count, fmt::join(names, ", "), count > kNamedNodes ? ", .." : ""));
  }
  return fmt::format("{}", fmt::join(rows, "; "));
}

/// The order in which the nodes of the outputs that can be read are written; the others go.
std::vector<std::size_t> readable_nodes(GraphDef& graph, const std::string& where, std::vector<std::string>& notes) {
  Ancestry all(graph, where);
  std::vector<TfEnd> kept;
  std::vector<std::string> left;
  for (const TfEnd& output : graph.outputs) {
    const std::size_t node = graph.by_name.at(output.value.node);
    Ancestry own(graph, where);
    own.add(node);
    all.add(node);
    const bool whole = std::ranges::all_of(own.order(), [&](std::size_t i) { return is_read(graph.nodes[i]); });
    if (whole)
      kept.push_back(output);
    else
      left.push_back(output.name);
  }
  if (kept.empty())
    throw_weights_error(where, {.found = "unsupported operators: " + unknown_in(graph, all.order()),
                                .expected = "those that are read: Const, Placeholder, " + tf_operator_names(),
                                .tip = "convert the model to ONNX (tf2onnx), of which more is read"});
  if (!left.empty())
    notes.push_back(fmt::format("left out {} {}, which depend{} on {}", left.size() == 1 ? "the output" : "the outputs",
                                fmt::join(left, ", "), left.size() == 1 ? "s" : "", unknown_in(graph, all.order())));
  graph.outputs = std::move(kept);
  Ancestry order(graph, where);
  for (const TfEnd& output : graph.outputs) order.add(graph.by_name.at(output.value.node));
  return order.order();
}

/// Whole numbers in 64 bits, others in float32, as all are held.
Tensor as_held(const Tensor& tensor) {
  if (tensor.dtype() == DType::f32 || tensor.dtype() == DType::boolean) return tensor;
  if (is_floating(tensor.dtype())) return tensor.to_float32();
  const auto widened = [&]<typename T>(std::span<const T> from) {
    TensorBuffer wide(DType::i64, tensor.shape());
    std::ranges::copy(from, wide.as<std::int64_t>().begin());
    return std::move(wide).freeze();
  };
  if (tensor.dtype() == DType::i32) return widened(tensor.as<std::int32_t>());
  if (tensor.dtype() == DType::u16) return widened(tensor.as<std::uint16_t>());
  return widened(tensor.as<std::uint8_t>());
}

HeldValue constant_of(const TfNode& node, const StateDict& weights) {
  const Tensor* const tensor = weights.find(node.name);
  if (tensor == nullptr) refuse_node(node, "no values", "a weight of this name in the manifest");
  if (type_attribute(node, "dtype") == DType::boolean && tensor->dtype() == DType::u8)
    return {.name = node.name, .order = {}, .tensor = Tensor::copied(DType::boolean, tensor->shape(), tensor->bytes())};
  return {.name = node.name, .order = {}, .tensor = as_held(*tensor)};
}

Value placeholder(const TfNode& node) {
  const auto sizes = shape_attribute(node, "shape");
  const std::optional<DType> type = type_attribute(node, "dtype");
  if (!sizes || !type) refuse_node(node, "an input of unknown rank or type", "a shape and a type that is held");
  Value input{.name = node.name, .dtype = *type, .shape = {}};
  for (std::size_t i = 0; i < sizes->size(); ++i) {
    if ((*sizes)[i] == -1)
      input.shape.emplace_back(i == 0 ? std::string("batch") : fmt::format("{}.{}", node.name, i));
    else
      input.shape.emplace_back((*sizes)[i]);
  }
  return input;
}

Graph written_graph(const GraphDef& def, const std::vector<std::size_t>& nodes, const StateDict& weights) {
  NodeWriter writer;
  for (const std::size_t i : nodes)
    for (const TfReference& input : def.nodes[i].inputs) writer.count_use(input);
  for (const TfEnd& output : def.outputs) writer.count_use(output.value);
  for (const std::size_t i : nodes) {
    const TfNode& node = def.nodes[i];
    if (node.op == "Placeholder")
      writer.add_input(placeholder(node), node);
    else if (node.op == "Const")
      writer.give(node, 0, constant_of(node, weights));
    else
      find_tf_operator(node.op)->write(node, writer);
  }
  for (const TfEnd& output : def.outputs) writer.add_output(output);
  return writer.take();
}

}  // namespace

std::filesystem::path tensorflow_graph_file(const std::filesystem::path& path) {
  std::error_code ignored;
  const std::filesystem::path file = std::filesystem::is_directory(path, ignored) ? path / "model.json" : path;
  if (file.extension() != ".json" || !is_file(file)) return {};
  if (std::filesystem::file_size(file, ignored) > kLargestTopology) return {};
  const std::string text = read_text(file, kLargestTopology, ErrorKind::weights);
  const bool graph = text.find("\"weightsManifest\"") != std::string::npos &&
                     text.find("\"modelTopology\"") != std::string::npos && text.find("\"node\"") != std::string::npos;
  return graph && has_graph_def(parse_json(text, file.string(), ErrorKind::weights)) ? file : std::filesystem::path();
}

TensorFlowModel parse_tensorflow(std::string_view text, const TfjsShardSource& shards, const std::string& where) {
  GraphDef def = graph_def_of(parse_json(text, where, ErrorKind::weights), where);
  TensorFlowModel model;
  const std::vector<std::size_t> nodes = readable_nodes(def, where, model.notes);
  const WeightFile weights = read_tfjs(text, shards, where);
  model.notes.insert(model.notes.begin(), weights.notes.begin(), weights.notes.end());
  try {
    model.graph = fold_shapes(written_graph(def, nodes, weights.tensors));
    check(model.graph);
    infer_shapes(model.graph);
  } catch (const Error& error) {
    const ErrorText& fault = error.text();
    if (fault.where.starts_with(where)) throw;
    throw Error(error.kind(), {.where = fmt::format("{}: {}", where, fault.where),
                               .found = fault.found,
                               .expected = fault.expected,
                               .tip = fault.tip});
  }
  return model;
}

TensorFlowModel read_tensorflow(const std::filesystem::path& file) {
  const std::string text = read_text(file, kLargestTopology, ErrorKind::weights);
  return parse_tensorflow(text, tfjs_shards_beside(file), file.string());
}

}  // namespace enxerto
