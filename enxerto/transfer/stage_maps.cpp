#include "enxerto/transfer/stage_maps.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"
#include "enxerto/base/nearest.h"
#include "enxerto/graph/crossing.h"

namespace enxerto {
namespace {

struct StageMap {
  std::string stage;
  Value map;
};

bool is_input(const Graph& graph, const std::string& name) {
  return std::ranges::find(graph.inputs, name, &Value::name) != graph.inputs.end();
}

std::optional<Value> map_before(const Graph& body, const Crossing& crossing, std::size_t position) {
  std::vector<std::string> names = crossing.at(position);
  std::erase_if(names, [&](const std::string& name) { return is_input(body, name); });
  if (names.size() != 1) return std::nullopt;
  const ValueType& type = crossing.types().at(names[0]);
  const SymbolicShape& shape = type.shape;
  const bool is_map = type.dtype == DType::f32 && shape.size() == 4 && !shape[1].is_symbolic() &&
                      !shape[2].is_symbolic() && !shape[3].is_symbolic();
  return is_map ? std::optional(Value{names[0], type.dtype, shape}) : std::nullopt;
}

std::vector<StageMap> all_maps(const Graph& body) {
  const Crossing crossing(body);
  std::vector<StageMap> maps;
  for (std::size_t i = 0; i < body.nodes.size(); ++i) {
    if (i + 1 < body.nodes.size() && body.nodes[i + 1].stage == body.nodes[i].stage) continue;
    if (auto map = map_before(body, crossing, i + 1)) maps.push_back({body.nodes[i].stage, *std::move(map)});
  }
  return maps;
}

/// The last map of each height, where it is small enough.
std::vector<Value> last_of_each_size(const Graph& body, const std::vector<StageMap>& maps, std::int64_t finest) {
  const SymbolicShape& input = body.inputs.front().shape;
  const std::int64_t height = input.size() == 4 && !input[2].is_symbolic() ? input[2].size : 0;
  std::vector<Value> chosen;
  for (std::size_t i = 0; i < maps.size(); ++i) {
    const std::int64_t rows = maps[i].map.shape[2].size;
    const bool last = i + 1 == maps.size() || maps[i + 1].map.shape[2].size != rows;
    if (last && rows <= (height + finest - 1) / finest) chosen.push_back(maps[i].map);
  }
  return chosen;
}

}  // namespace

std::vector<Value> stage_maps(const Graph& body, std::span<const std::string> names, std::int64_t finest) {
  const std::vector<StageMap> maps = all_maps(body);
  if (names.empty()) {
    std::vector<Value> chosen = last_of_each_size(body, maps, finest);
    if (!chosen.empty()) return chosen;
    throw usage_error(body.name, fmt::format("no stage outputs a feature map of 1/{} of the input or smaller", finest),
                      "a convolutional network", "head.features, the stages to take");
  }
  std::vector<std::string> known;
  for (const StageMap& one : maps) known.push_back(one.stage);
  for (const std::string& name : names)
    if (std::ranges::find(known, name) == known.end())
      throw usage_error("head.features", fmt::format("'{}' outputs no feature map{}", name, did_you_mean(name, known)),
                        fmt::format("one of {}", fmt::join(known, ", ")));
  std::vector<Value> chosen;
  for (const StageMap& one : maps)
    if (std::ranges::find(names, one.stage) != names.end()) chosen.push_back(one.map);
  return chosen;
}

}  // namespace enxerto
