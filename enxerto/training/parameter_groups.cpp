#include "enxerto/training/parameter_groups.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <unordered_set>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/floating.h"
#include "enxerto/graph/role.h"

namespace enxerto {
namespace {

bool learns(Role role, const GroupOptions& options) {
  const bool norm = role == Role::norm_scale || role == Role::norm_shift;
  return is_trainable(role) && (options.learn_norms || !norm);
}

/// A vector is a bias, a norm or a layer scale, whatever its slot says.
bool decays(Role role, const Tensor& tensor, const GroupOptions& options) {
  return options.decay_all || (role == Role::weight && tensor.shape().size() >= 2);
}

[[noreturn]] void throw_trains_nothing(std::span<const std::string> stage_order) {
  throw usage_error("phase",
                    fmt::format("it trains nothing: there is no trainable parameter in {}",
                                stage_order.empty() ? "no stage" : fmt::format("{}", fmt::join(stage_order, ", "))),
                    "a train_from followed by at least one weight", "a lower stage, or \"all\"");
}

}  // namespace

std::vector<ParameterGroup> parameter_groups(const Graph& trained, std::span<const std::string> stage_order,
                                             const GroupOptions& options) {
  const auto known = roles(trained);
  std::map<std::pair<std::size_t, bool>, std::vector<std::string>> rows;  // by distance from the head and decay
  std::unordered_set<std::string> seen;
  for (const Node& node : trained.nodes) {
    const auto stage = std::ranges::find(stage_order, node.stage);
    if (stage == stage_order.end()) continue;
    const auto distance = static_cast<std::size_t>(stage_order.end() - stage) - 1;
    for (const std::string& name : node.inputs) {
      const auto role = known.find(name);
      if (role == known.end() || !seen.insert(name).second) continue;
      if (options.frozen != nullptr && options.frozen->parameters.contains(name)) continue;
      const Tensor& tensor = trained.parameters.at(name);
      if (!is_floating(tensor.dtype()) || !learns(role->second, options)) continue;
      rows[{distance, decays(role->second, tensor, options)}].push_back(name);
    }
  }
  if (rows.empty()) throw_trains_nothing(stage_order);
  std::vector<ParameterGroup> groups;
  for (auto& [key, names] : rows) {
    groups.push_back({.parameters = std::move(names),
                      .rate_scale = std::pow(options.layer_decay, static_cast<double>(key.first)),
                      .weight_decay = key.second ? options.weight_decay : 0});
  }
  return groups;
}

std::size_t trained_values(const Graph& trained, std::span<const ParameterGroup> groups) {
  std::size_t sum = 0;
  for (const ParameterGroup& group : groups)
    for (const std::string& name : group.parameters) sum += trained.parameters.at(name).size();
  return sum;
}

}  // namespace enxerto
