#include "enxerto/tensorflow/graph_def.h"

#include <algorithm>
#include <charconv>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

#include "enxerto/weights/weight_error.h"

namespace enxerto {
namespace {

constexpr std::size_t kMostNodes = 100'000, kMostInputs = 10'000, kMostOutputs = 1'000;

const Json* member_of(const Json& object, std::string_view key) {
  if (!object.is_object()) return nullptr;
  const auto at = object.find(std::string(key));
  return at == object.end() ? nullptr : &*at;
}

/// "name", "name:1" or "^name", which says only that it runs first.
TfReference reference_in(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  std::size_t output = 0;
  if (colon != std::string_view::npos) {
    const std::string_view digits = text.substr(colon + 1);
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), output);
    if (read.ec == std::errc{} && read.ptr == digits.data() + digits.size() && output < kMostOutputs)
      return {.node = std::string(text.substr(0, colon)), .output = output};
  }
  return {.node = std::string(text)};
}

class GraphDefParser {
 public:
  explicit GraphDefParser(std::string_view where) : where_(where) {}

  GraphDef parse(const Json& model) {
    const Json* const topology = member_of(model, "modelTopology");
    const Json* const nodes = topology == nullptr ? nullptr : member_of(*topology, "node");
    if (nodes == nullptr || !nodes->is_array())
      fail("no graph of nodes", "a model.json of a TensorFlow.js graph model");
    if (nodes->size() > kMostNodes) fail(fmt::format("{} nodes", nodes->size()), fmt::format("at most {}", kMostNodes));
    const Json* const functions = member_of(*topology, "library");
    const Json* const list = functions == nullptr ? nullptr : member_of(*functions, "function");
    if (list != nullptr && list->is_array() && !list->empty())
      fail("functions, as control flow has them", "a network without While and If");
    for (const Json& node : *nodes) read_node(node);
    read_outputs(model);
    check_references();
    return std::move(graph_);
  }

 private:
  [[noreturn]] void fail(std::string found, std::string expected) const {
    throw_weights_error(where_, {.found = std::move(found), .expected = std::move(expected), .tip = {}});
  }

  void read_node(const Json& json) {
    const Json* const name = member_of(json, "name");
    const Json* const op = member_of(json, "op");
    if (name == nullptr || op == nullptr || !name->is_string() || !op->is_string() || *name == "")
      fail("a node without a name or an op", "both");
    TfNode node{.name = name->get<std::string>(), .op = op->get<std::string>(), .inputs = {}, .attributes = {}};
    const Json* const inputs = member_of(json, "input");
    if (inputs != nullptr && (!inputs->is_array() || inputs->size() > kMostInputs))
      fail(fmt::format("node {} with inputs that are no list", shown(node.name)), "the names of what it takes");
    for (const Json& input : inputs == nullptr ? Json::array() : *inputs) {
      if (!input.is_string()) fail(fmt::format("node {} with an input without a name", shown(node.name)), "one");
      const auto text = input.get<std::string>();
      if (!text.starts_with('^')) node.inputs.push_back(reference_in(text));
    }
    if (const Json* const attributes = member_of(json, "attr")) node.attributes = *attributes;
    if (!graph_.by_name.emplace(node.name, graph_.nodes.size()).second)
      fail(fmt::format("two nodes named {}", shown(node.name)), "each name once");
    graph_.nodes.push_back(std::move(node));
  }

  void read_outputs(const Json& model) {
    const Json* signature = member_of(model, "signature");
    if (signature == nullptr) {
      const Json* const metadata = member_of(model, "userDefinedMetadata");
      signature = metadata == nullptr ? nullptr : member_of(*metadata, "signature");
    }
    const Json* const outputs = signature == nullptr ? nullptr : member_of(*signature, "outputs");
    if (outputs == nullptr || !outputs->is_object() || outputs->empty()) return take_unused();
    if (outputs->size() > kMostOutputs) fail(fmt::format("{} outputs", outputs->size()), "fewer");
    for (const auto& [key, described] : outputs->items()) {
      const Json* const name = member_of(described, "name");
      const TfReference value = reference_in(name != nullptr && name->is_string() ? name->get<std::string>() : key);
      graph_.outputs.push_back({.name = named(value), .value = value});
    }
  }

  static std::string named(const TfReference& value) {
    return value.output == 0 ? value.node : fmt::format("{}:{}", value.node, value.output);
  }

  void take_unused() {
    std::unordered_set<std::string_view> used;
    for (const TfNode& node : graph_.nodes)
      for (const TfReference& input : node.inputs) used.insert(input.node);
    for (const TfNode& node : graph_.nodes)
      if (node.op != "Const" && !used.contains(node.name) && graph_.outputs.size() < kMostOutputs)
        graph_.outputs.push_back({.name = node.name, .value = {.node = node.name}});
  }

  void check_references() const {
    std::unordered_set<std::string> names;
    for (const TfEnd& output : graph_.outputs) {
      if (!graph_.by_name.contains(output.value.node))
        fail(fmt::format("the output {}, which no node makes", shown(output.name)), "the name of a node");
      if (!names.insert(output.name).second) fail(fmt::format("the output {} twice", shown(output.name)), "each once");
    }
    if (graph_.outputs.empty()) fail("no output", "one");
    for (const TfNode& node : graph_.nodes)
      for (const TfReference& input : node.inputs)
        if (!graph_.by_name.contains(input.node))
          fail(fmt::format("node {} that takes {}, which is missing", shown(node.name), shown(input.node)),
               "nodes that the file has");
  }

  std::string_view where_;
  GraphDef graph_;
};

}  // namespace

GraphDef graph_def_of(const Json& model, std::string_view where) { return GraphDefParser(where).parse(model); }

bool has_graph_def(const Json& model) {
  const Json* const topology = member_of(model, "modelTopology");
  return topology != nullptr && member_of(*topology, "node") != nullptr;
}

void refuse_node(const TfNode& node, std::string found, std::string expected) {
  throw_weights_error(fmt::format("node {} ({})", shown(node.name), shown(node.op)),
                      {.found = std::move(found), .expected = std::move(expected), .tip = {}});
}

}  // namespace enxerto
