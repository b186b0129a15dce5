#include "enxerto/generation/attention_sites.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <variant>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/graph/attributes.h"
#include "enxerto/graph/head_stage.h"

namespace enxerto {
namespace {

/// The nodes of a graph by what they give, and who reads them.
class Wiring {
 public:
  explicit Wiring(const Graph& graph) : graph_(graph) {
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
      for (const std::string& output : graph.nodes[i].outputs) makers_[output] = i;
      for (const std::string& input : graph.nodes[i].inputs) readers_[input].push_back(i);
    }
  }

  /// Nothing where it is another operation, or an input of the graph.
  std::optional<std::size_t> made_by(std::string_view op, const std::string& value) const {
    const auto found = makers_.find(value);
    if (found == makers_.end() || graph_.nodes[found->second].op != op) return std::nullopt;
    return found->second;
  }

  std::optional<std::size_t> only_reader(std::string_view op, const std::string& value) const {
    const auto found = readers_.find(value);
    if (found == readers_.end() || found->second.size() != 1 || graph_.nodes[found->second[0]].op != op)
      return std::nullopt;
    return found->second[0];
  }

  const std::string& input(std::size_t node, std::size_t number) const { return graph_.nodes[node].inputs.at(number); }

  /// The product of queries and keys in what the softmax is of.
  std::optional<std::size_t> product_in(const std::string& scores) const {
    if (const auto product = made_by("MatMul", scores)) return product;
    const auto sum = made_by("Add", scores);
    return sum ? made_by("MatMul", input(*sum, 0)) : std::nullopt;
  }

  /// Where the heads are that `value` repeats, and which node reads them; `reader` where it repeats nothing.
  std::pair<std::string, std::size_t> heads_behind(const std::string& value, std::size_t reader) const {
    const auto gather = made_by("Gather", value);
    if (!gather || attribute<std::int64_t>(graph_.nodes[*gather], "axis", 0) != 1) return {value, reader};
    return {input(*gather, 0), *gather};
  }

 private:
  const Graph& graph_;
  std::unordered_map<std::string, std::size_t> makers_;
  std::unordered_map<std::string, std::vector<std::size_t>> readers_;
};

std::optional<AttentionSite> site_at(const Wiring& wiring, const Node& softmax) {
  const auto mixed = wiring.only_reader("MatMul", softmax.outputs[0]);
  const auto product = wiring.product_in(softmax.inputs[0]);
  if (!mixed || !product || wiring.input(*mixed, 0) != softmax.outputs[0]) return std::nullopt;
  const auto turned = wiring.made_by("Transpose", wiring.input(*product, 1));
  if (!turned) return std::nullopt;
  AttentionSite site;
  std::tie(site.key, site.key_reader) = wiring.heads_behind(wiring.input(*turned, 0), *turned);
  std::tie(site.value, site.value_reader) = wiring.heads_behind(wiring.input(*mixed, 1), *mixed);
  return site;
}

}  // namespace

std::vector<AttentionSite> attention_sites(const Graph& graph) {
  const Wiring wiring(graph);
  std::vector<AttentionSite> sites;
  for (const Node& node : graph.nodes) {
    if (node.op != "Softmax" || node.stage == kHeadStage) continue;
    const std::optional<AttentionSite> site = site_at(wiring, node);
    if (!site)
      throw weights_error(graph.name, fmt::format("'{}' is no attention that is known", node.name),
                          "a network of the zoo: GPT-2, GPT-NeoX, Llama, Qwen2, an LSTM");
    sites.push_back(*site);
  }
  return sites;
}

}  // namespace enxerto
