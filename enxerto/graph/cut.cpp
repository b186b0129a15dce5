#include "enxerto/graph/cut.h"

#include <algorithm>
#include <type_traits>
#include <unordered_map>
#include <unordered_set>
#include <variant>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"
#include "enxerto/base/nearest.h"
#include "enxerto/base/to_size.h"
#include "enxerto/graph/attributes.h"
#include "enxerto/graph/crossing.h"
#include "enxerto/graph/infer.h"
#include "enxerto/graph/training_only.h"

namespace enxerto {
namespace {

using Names = std::unordered_set<std::string_view>;

/// Adds the nodes that make the user's inputs from nothing but constants, parameters and what crosses, before their
/// first user and in its stage.
void add_makers(const Graph& graph, const Node& user, Names& made, std::vector<Node>& nodes) {
  for (const std::string& name : user.inputs) {
    if (made.contains(name)) continue;
    const auto maker = std::find_if(graph.nodes.begin(), graph.nodes.end(), [&](const Node& node) {
      return std::find(node.outputs.begin(), node.outputs.end(), name) != node.outputs.end();
    });
    if (maker == graph.nodes.end()) continue;
    for (const std::string& output : maker->outputs) made.insert(output);
    Node copy = *maker;
    copy.stage = user.stage;
    add_makers(graph, copy, made, nodes);
    nodes.push_back(std::move(copy));
  }
}

void keep_used_parameters(const Graph& whole, Graph& half) {
  Names used;
  for (const Node& node : half.nodes) used.insert(node.inputs.begin(), node.inputs.end());
  for (const Value& output : half.outputs) used.insert(output.name);
  for (const auto& [name, tensor] : whole.parameters) {
    if (used.contains(name)) half.parameters.set(name, tensor);
  }
}

std::vector<Value> values_of(const std::vector<std::string>& names, const ValueTypes& types) {
  std::vector<Value> values;
  for (const std::string& name : names) {
    const ValueType& type = types.at(name);
    values.push_back({name, type.dtype, type.shape});
  }
  return values;
}

Graph make_prefix(const Graph& graph, const Crossing& crossing, std::size_t position, std::vector<Value> outputs) {
  Graph prefix{graph.name, {}, std::move(outputs), {}, {}};
  prefix.nodes.assign(graph.nodes.begin(), graph.nodes.begin() + static_cast<std::ptrdiff_t>(position));
  Names needed;
  for (const Value& output : prefix.outputs) needed.insert(output.name);
  // Constants that only the other half uses would be dead here.
  std::vector<Node> kept;
  for (auto node = prefix.nodes.rbegin(); node != prefix.nodes.rend(); ++node) {
    const bool used = std::any_of(node->outputs.begin(), node->outputs.end(), [&](const auto& name) {
      return needed.contains(name) || crossing.varying().contains(name);
    });
    if (!used) continue;
    kept.push_back(*node);
    const auto original = std::find_if(graph.nodes.begin(), graph.nodes.end(),
                                       [&](const Node& candidate) { return candidate.name == node->name; });
    needed.insert(original->inputs.begin(), original->inputs.end());
  }
  std::reverse(kept.begin(), kept.end());
  prefix.nodes = std::move(kept);
  std::copy_if(graph.inputs.begin(), graph.inputs.end(), std::back_inserter(prefix.inputs),
               [&](const Value& input) { return needed.contains(input.name); });
  keep_used_parameters(graph, prefix);
  return prefix;
}

Graph make_suffix(const Graph& graph, std::size_t position, std::vector<Value> inputs) {
  Graph suffix{graph.name, std::move(inputs), graph.outputs, {}, {}};
  Names made;
  for (const Value& input : suffix.inputs) made.insert(input.name);
  for (auto node = graph.nodes.begin() + static_cast<std::ptrdiff_t>(position); node != graph.nodes.end(); ++node) {
    add_makers(graph, *node, made, suffix.nodes);
    for (const std::string& output : node->outputs) made.insert(output);
    const bool copied = std::any_of(suffix.nodes.begin(), suffix.nodes.end(),
                                    [&](const Node& other) { return other.name == node->name; });
    if (!copied) suffix.nodes.push_back(*node);
  }
  keep_used_parameters(graph, suffix);
  return suffix;
}

Halves cut_at(const Graph& graph, const Crossing& crossing, std::size_t position) {
  const std::vector<Value> border = values_of(crossing.at(position), crossing.types());
  Halves halves{make_prefix(graph, crossing, position, border), make_suffix(graph, position, border)};
  check(halves.prefix);
  check(halves.suffix);
  return halves;
}

[[noreturn]] void fail_join(const Graph& graph, std::string found, std::string expected) {
  throw usage_error(fmt::format("graph '{}'", graph.name), std::move(found), std::move(expected));
}

/// True where both graphs have the node, as `cut` leaves what is made from constants, or again from inputs.
bool is_shared(const Graph& prefix, const Node& node) {
  const auto same = [](const Attribute& a, const Attribute& b) {
    return a.index() == b.index() && std::visit(
                                         [&](const auto& value) {
                                           using Kind = std::decay_t<decltype(value)>;
                                           if constexpr (std::is_same_v<Kind, Tensor>) {
                                             return identical(value, std::get<Kind>(b));
                                           } else {
                                             return value == std::get<Kind>(b);
                                           }
                                         },
                                         a);
  };
  return std::ranges::any_of(prefix.nodes, [&](const Node& other) {
    return other.name == node.name && other.op == node.op && other.inputs == node.inputs &&
           other.outputs == node.outputs &&
           std::ranges::equal(other.attributes, node.attributes, [&](const auto& a, const auto& b) {
             return a.first == b.first && same(a.second, b.second);
           });
  });
}

}  // namespace

std::vector<std::string> crossing(const Graph& graph, std::size_t position) { return Crossing(graph).at(position); }

std::size_t stage_begin(const Graph& graph, std::string_view stage) {
  const auto first =
      std::find_if(graph.nodes.begin(), graph.nodes.end(), [&](const Node& node) { return node.stage == stage; });
  if (first != graph.nodes.end()) return to_size(first - graph.nodes.begin());
  std::vector<std::string> names = graph.stages();
  if (const auto near = nearest(stage, names)) {
    std::stable_partition(names.begin(), names.end(), [&](const std::string& name) { return name == *near; });
  }
  throw usage_error(fmt::format("stage '{}'", stage), fmt::format("'{}' has no such stage", graph.name),
                    fmt::format("one of {}", fmt::join(names, ", ")));
}

Halves cut(const Graph& graph, std::string_view first_trained_stage) {
  return cut_at(graph, Crossing(graph), stage_begin(graph, first_trained_stage));
}

Halves cut_at_frontier(const Graph& graph, std::string_view first_trained_stage) {
  const Crossing crossing(graph);
  const auto trains = [&](const Node& node) {
    return is_training_only(node) || std::any_of(node.inputs.begin(), node.inputs.end(), [&](const std::string& name) {
             return graph.parameters.contains(name);
           });
  };
  const Dim batch =
      graph.inputs.empty() || graph.inputs.front().shape.empty() ? Dim("batch") : graph.inputs.front().shape.front();
  // Rows of steps, as recurrent layers take them, are of all examples: none could be kept for one.
  const auto mixes_examples = [&](const std::string& name) {
    const SymbolicShape& shape = crossing.types().at(name).shape;
    return shape.size() > 1 && shape.front() != batch && std::find(shape.begin(), shape.end(), batch) != shape.end();
  };
  std::size_t best = stage_begin(graph, first_trained_stage);
  std::size_t best_bytes = crossing.bytes_at(best);
  for (std::size_t i = best; i + 1 < graph.nodes.size() && !trains(graph.nodes[i]); ++i) {
    const std::size_t bytes = crossing.bytes_at(i + 1);
    if (bytes > best_bytes || std::ranges::any_of(crossing.at(i + 1), mixes_examples)) continue;
    best = i + 1;
    best_bytes = bytes;
  }
  return cut_at(graph, crossing, best);
}

Graph join(const Graph& prefix, const Graph& suffix) {
  Graph whole = prefix;
  whole.outputs = suffix.outputs;
  for (const Value& input : suffix.inputs) {
    const bool given = std::any_of(prefix.outputs.begin(), prefix.outputs.end(),
                                   [&](const Value& output) { return output.name == input.name; });
    if (!given) fail_join(suffix, fmt::format("input '{}' is not an output of the first part", input.name), "its name");
  }
  for (const Node& node : suffix.nodes) {
    if (!is_shared(prefix, node)) whole.nodes.push_back(node);
  }
  for (const auto& [name, tensor] : suffix.parameters) {
    const Tensor* known = whole.parameters.find(name);
    if (known != nullptr && known->data() != tensor.data()) {
      fail_join(suffix, fmt::format("parameter '{}' is in both parts, with different tensors", name), "other names");
    }
    whole.parameters.set(name, tensor);
  }
  try {
    check(whole);
  } catch (const Error& error) {
    fail_join(suffix, error.text().found, error.text().expected);
  }
  return whole;
}

Graph append(const Graph& graph, const Graph& head) {
  if (graph.outputs.size() != 1 || head.inputs.size() != 1) {
    fail_join(head, fmt::format("{} values for {} inputs", graph.outputs.size(), head.inputs.size()), "one for one");
  }
  for (const auto& [name, _] : head.parameters) {
    if (graph.parameters.contains(name))
      fail_join(head, fmt::format("parameter '{}' already exists", name), "other names");
  }
  const std::string& value = graph.outputs[0].name;
  Graph renamed = head;
  const std::string from = head.inputs[0].name;
  renamed.inputs[0].name = value;
  for (Node& node : renamed.nodes) std::replace(node.inputs.begin(), node.inputs.end(), from, value);
  for (Value& output : renamed.outputs) {
    if (output.name == from) output.name = value;
  }
  return join(graph, renamed);
}

Graph with_head(const Graph& graph, std::string_view stage, const Graph& head) {
  Graph whole = append(cut(graph, stage).prefix, head);
  infer_shapes(whole);
  return whole;
}

}  // namespace enxerto
