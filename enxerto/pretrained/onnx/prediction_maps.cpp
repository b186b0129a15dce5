#include "enxerto/pretrained/onnx/prediction_maps.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/quantity.h"
#include "enxerto/base/to_size.h"
#include "enxerto/graph/fold_shapes.h"
#include "enxerto/graph/head_stage.h"
#include "enxerto/pretrained/onnx/graph_values.h"

namespace enxerto {
namespace {

using Names = std::set<std::string>;

/// Height and width of a map of known size and more than one place.
struct MapSize {
  std::int64_t height = 0, width = 0;
  auto operator<=>(const MapSize&) const = default;
};

std::optional<MapSize> map_size(const GraphValues& values, const std::string& value) {
  const SymbolicShape& shape = values.shape(value);
  if (shape.size() != 4 || shape[1].is_symbolic() || shape[2].is_symbolic() || shape[3].is_symbolic())
    return std::nullopt;
  if (shape[2].size < 2 || shape[3].size < 2) return std::nullopt;
  return MapSize{shape[2].size, shape[3].size};
}

/// What the node takes that depends on the picture.
std::vector<std::string> varying_inputs(const GraphValues& values, std::size_t node) {
  std::vector<std::string> varying;
  for (const std::string& input : values.graph().nodes[node].inputs)
    if (!input.empty() && values.varies(input)) varying.push_back(input);
  return varying;
}

/// The predictions of one size, and the value that all of them go through.
struct Branch {
  Names meeting;                ///< values that the predictions are made from; one in the end
  std::set<std::size_t> nodes;  ///< those behind the value

  const std::string& value() const { return *meeting.begin(); }
};
using Branches = std::map<MapSize, Branch, std::greater<>>;

class MapFinder {
 public:
  explicit MapFinder(const Graph& graph) : graph_(graph), values_(graph) {
    for (std::size_t i = 0; i < graph.nodes.size(); ++i)
      for (const std::string& input : graph.nodes[i].inputs) users_[input].insert(i);
  }

  std::vector<std::string> find() {
    if (!predicts_places() || !find_predictions()) return {};
    for (auto& [size, branch] : branches_)
      if (!bring_together(size, branch)) return {};
    if (branches_.size() > 1) {
      while (step_back()) {
      }
    }
    std::vector<std::string> maps;
    for (const auto& [size, branch] : branches_) maps.push_back(branch.value());
    if (maps.size() == 1) add_smaller(maps);
    return maps;
  }

 private:
  /// An output (batch, places, values), and none of a row an example.
  bool predicts_places() const {
    bool places = false;
    for (const Value& output : graph_.outputs) {
      const std::size_t rank = values_.shape(output.name).size();
      if (rank == 2) return false;
      places = places || rank == 3;
    }
    return places;
  }

  /// The last convolutions before the outputs; false where a dense layer is behind them.
  bool find_predictions() {
    constexpr std::array<std::string_view, 5> kNoMaps{"MatMul", "Gemm", "LSTM", "GRU", "RNN"};
    Names open, seen;
    for (const Value& output : graph_.outputs) open.insert(output.name);
    while (!open.empty()) {
      const std::string value = *open.begin();
      open.erase(open.begin());
      const auto made = values_.maker(value);
      if (!seen.insert(value).second || !made) continue;
      const Node& node = graph_.nodes[*made];
      if (std::ranges::find(kNoMaps, node.op) != kNoMaps.end() && values_.holds_parameters(*made)) return false;
      const auto size = node.op == "Conv" ? map_size(values_, value) : std::nullopt;
      if (size && size == map_size(values_, node.inputs[0])) {
        branches_[*size].meeting.insert(node.inputs[0]);
        branches_[*size].nodes.insert(*made);
      } else {
        const auto before = varying_inputs(values_, *made);
        open.insert(before.begin(), before.end());
      }
    }
    return !branches_.empty();
  }

  /// Goes back from the one that is made last until there is one value, a map of that size.
  bool bring_together(const MapSize& size, Branch& branch) const {
    while (branch.meeting.size() > 1) {
      const auto last = std::ranges::max_element(branch.meeting, {}, [&](const std::string& value) {
        const auto made = values_.maker(value);
        return made ? static_cast<std::int64_t>(*made) : -1;
      });
      const auto made = values_.maker(*last);
      if (!made) return false;
      branch.meeting.erase(last);
      branch.nodes.insert(*made);
      const auto before = varying_inputs(values_, *made);
      branch.meeting.insert(before.begin(), before.end());
    }
    return map_size(values_, branch.value()) == size;
  }

  /// The node before a branch, where it makes the branch's value of one map of the same size, for this branch alone.
  std::optional<std::size_t> node_before(const MapSize& size, const Branch& branch) const {
    const auto made = values_.maker(branch.value());
    if (!made || !std::ranges::includes(branch.nodes, users_.at(branch.value()))) return std::nullopt;
    const auto before = varying_inputs(values_, *made);
    return before.size() == 1 && map_size(values_, before[0]) == size ? made : std::nullopt;
  }

  /// Takes one more layer into every branch; false where they are not alike any more.
  bool step_back() {
    std::vector<std::size_t> before;
    for (const auto& [size, branch] : branches_) {
      const auto node = node_before(size, branch);
      if (!node || graph_.nodes[*node].op != graph_.nodes[before.empty() ? *node : before.front()].op) return false;
      before.push_back(*node);
    }
    auto node = before.begin();
    for (auto& [size, branch] : branches_) {
      branch.nodes.insert(*node);
      branch.meeting = {varying_inputs(values_, *node)[0]};
      ++node;
    }
    return true;
  }

  /// Of each smaller size, the map that was enlarged last before this one.
  void add_smaller(std::vector<std::string>& maps) const {
    std::map<MapSize, std::string, std::greater<>> smaller;
    const std::size_t end = values_.maker(maps[0]).value_or(0);
    for (std::size_t i = 0; i <= end && i < graph_.nodes.size(); ++i) {
      const auto made = map_size(values_, graph_.nodes[i].outputs[0]);
      for (const std::string& input : made ? varying_inputs(values_, i) : std::vector<std::string>{})
        if (const auto size = map_size(values_, input); size && size->height < made->height) smaller[*size] = input;
    }
    for (const auto& [size, value] : smaller) maps.push_back(value);
  }

  const Graph& graph_;
  GraphValues values_;
  std::map<std::string, std::set<std::size_t>> users_;
  Branches branches_;
};

/// Stages by the sizes of maps: a new one where they get smaller than ever before, and "neck" where they grow again.
void set_stages(Graph& graph) {
  const GraphValues values(graph);
  std::int64_t smallest = 0;
  std::size_t stages = 0;
  bool neck = false;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    Node& node = graph.nodes[i];
    const auto made = node.op == "Transpose" ? std::nullopt : map_size(values, node.outputs[0]);
    for (const std::string& input : made ? varying_inputs(values, i) : std::vector<std::string>{})
      if (const auto size = map_size(values, input)) neck = neck || size->height < made->height;
    if (made && values.varies(node.outputs[0]) && !neck && (smallest == 0 || made->height < smallest)) {
      smallest = made->height;
      ++stages;
    }
    node.stage = neck ? "neck" : fmt::format("stage{}", stages == 0 ? 0 : stages - 1);
  }
}

}  // namespace

std::vector<Value> prediction_maps(const Graph& graph) {
  if (graph.inputs.size() != 1 || graph.outputs.empty()) return {};
  const ValueTypes types = infer_shapes(graph);
  std::vector<Value> maps;
  for (const std::string& name : MapFinder(graph).find())
    maps.push_back({.name = name, .dtype = types.at(name).dtype, .shape = types.at(name).shape});
  return maps;
}

std::string note_of_maps(const Graph& graph, const std::vector<Value>& maps) {
  std::vector<std::string> sizes;
  for (const Value& map : maps)
    sizes.push_back(fmt::format("{} x {} of {}", map.shape[3].size, map.shape[2].size,
                                counted(to_size(map.shape[1].size), "channel")));
  return fmt::format("the file's own head ({}) is left out; what a new head learns from are the maps before it: {}",
                     counted(graph.outputs.size(), "output"), fmt::join(sizes, ", "));
}

Graph with_map_stages(Graph graph, const std::vector<Value>& maps) {
  const std::string head(kHeadStage);
  graph.outputs = maps;
  graph = without_dead_nodes(graph);
  set_stages(graph);
  std::vector<std::string> rows;
  std::int64_t channels = 0;
  for (const Value& map : maps) {
    const std::string pooled = fmt::format("head/pooled{}", rows.size()), row = fmt::format("head/row{}", rows.size());
    graph.nodes.push_back({pooled, "GlobalAveragePool", head, {map.name}, {pooled}, {}});
    graph.nodes.push_back({row, "Flatten", head, {pooled}, {row}, {{"axis", std::int64_t{1}}}});
    rows.push_back(row);
    channels += map.shape[1].size;
  }
  const std::string all = "head/features";
  graph.nodes.push_back({all, "Concat", head, rows, {all}, {{"axis", std::int64_t{1}}}});
  graph.outputs = {{.name = all, .dtype = DType::f32, .shape = {maps.front().shape[0], channels}}};
  return graph;
}

}  // namespace enxerto
