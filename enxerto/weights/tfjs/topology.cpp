#include "enxerto/weights/tfjs/topology.h"

#include <algorithm>
#include <numeric>
#include <unordered_map>
#include <utility>

namespace enxerto {
namespace {

const Json* find(const Json& object, const char* key) {
  if (!object.is_object()) return nullptr;
  const auto at = object.find(key);
  return at == object.end() ? nullptr : &*at;
}

/// The layers of a model's config: a member since Keras 2.3, before it a Sequential's config was the list itself.
const Json* layer_list(const Json& config) {
  const Json* const layers = config.is_array() ? &config : find(config, "layers");
  return layers != nullptr && layers->is_array() ? layers : nullptr;
}

// JSON is at most 64 levels deep, and so is this.
void collect(const Json& config, std::vector<std::string>& names) {
  const Json* const layers = layer_list(config);
  if (layers == nullptr) return;
  for (const Json& layer : *layers) {
    const Json* const inner = find(layer, "config");
    const Json* name = inner == nullptr ? nullptr : find(*inner, "name");
    if (name == nullptr) name = find(layer, "name");
    if (name != nullptr && name->is_string()) names.push_back(name->get<std::string>());
    if (inner != nullptr) collect(*inner, names);
  }
}

using Ranks = std::unordered_map<std::string_view, std::size_t>;

std::size_t rank_of(std::string_view name, const Ranks& ranks) {
  std::size_t end = name.rfind('/');
  while (end != std::string_view::npos && end > 0) {
    if (const auto whole = ranks.find(name.substr(0, end)); whole != ranks.end()) return whole->second;
    const std::size_t before = name.rfind('/', end - 1);
    const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
    if (const auto part = ranks.find(name.substr(begin, end - begin)); part != ranks.end()) return part->second;
    end = before;
  }
  return ranks.size();
}

}  // namespace

std::vector<std::string> layers_of_topology(const Json& topology) {
  std::vector<std::string> names;
  const Json* model = find(topology, "model_config");
  if (model == nullptr) model = &topology;  // TensorFlow.js's own `model.save`
  if (const Json* const config = find(*model, "config")) collect(*config, names);
  return names;
}

std::vector<std::size_t> in_order_of_layers(const std::vector<std::string_view>& names,
                                            const std::vector<std::string>& layers) {
  Ranks ranks;
  for (const std::string& layer : layers) ranks.emplace(layer, ranks.size());
  std::vector<std::size_t> rank(names.size()), order(names.size());
  std::ranges::transform(names, rank.begin(), [&](std::string_view name) { return rank_of(name, ranks); });
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) { return std::pair(rank[i], i); });
  return order;
}

}  // namespace enxerto
