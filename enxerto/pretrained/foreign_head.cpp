#include "enxerto/pretrained/foreign_head.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string_view>

#include "enxerto/pretrained/module_name.h"

namespace enxerto {
namespace {

constexpr std::array<std::string_view, 8> kOfNorms{"weight", "bias", "running_mean", "running_var",
                                                   "gamma",  "beta", "moving_mean",  "moving_variance"};

struct Variable {
  std::string_view name;
  const Shape* shape = nullptr;
};
using Layer = std::vector<Variable>;

/// A matrix, as it is or by weight normalisation (Salimans and Kingma 2016), and at most a bias.
bool is_dense(const Layer& layer) {
  const Shape* matrix = nullptr;
  for (const Variable& variable : layer)
    if (variable.shape->size() == 2 &&
        (variable.name == "weight" || variable.name == "kernel" || variable.name == "weight_v"))
      matrix = variable.shape;
  return matrix != nullptr && std::ranges::all_of(layer, [&](const Variable& variable) {
           const bool is_bias = variable.name == "bias" && variable.shape->size() == 1;
           return variable.shape == matrix || (is_bias && std::ranges::count(*matrix, variable.shape->front()) > 0) ||
                  (variable.name == "weight_g" && *variable.shape == Shape{matrix->front(), 1});
         });
}

/// Vectors of one length; a lone weight is a PReLU's.
bool is_norm(const Layer& layer) {
  if (layer.size() == 1 && layer[0].name != "weight") return false;
  return std::ranges::all_of(layer, [&](const Variable& variable) {
    return variable.shape->size() == 1 && *variable.shape == *layer[0].shape &&
           std::ranges::find(kOfNorms, variable.name) != kOfNorms.end();
  });
}

/// Modules at the top that the network has before its head.
std::set<std::string_view> modules_before_head(const Blueprint& network) {
  std::set<std::string_view> modules;
  for (const Node& node : network.graph.nodes)
    for (const std::string& input : node.inputs)
      if (node.stage != network.graph.nodes.back().stage &&
          std::ranges::find(network.parameters, input, &ParameterSpec::name) != network.parameters.end())
        modules.insert(first_module(input));
  return modules;
}

}  // namespace

std::vector<std::string> foreign_head(const LoadReport& report, const StateDict& weights, const Blueprint& network) {
  if (report.unexpected.empty() || !report.missing.empty() || !report.mismatched.empty()) return {};
  const std::set<std::string_view> taken = modules_before_head(network);
  std::map<std::string_view, Layer> layers;
  for (const std::string& name : report.unexpected) {
    const std::size_t end = name.find_last_of("/.");
    if (end == std::string::npos || taken.contains(first_module(name))) return {};
    layers[std::string_view(name).substr(0, end)].push_back(
        {std::string_view(name).substr(end + 1), &weights.at(name).shape()});
  }
  const auto dense = [](const auto& layer) { return is_dense(layer.second); };
  const auto known = [&](const auto& layer) { return dense(layer) || is_norm(layer.second); };
  return std::ranges::any_of(layers, dense) && std::ranges::all_of(layers, known) ? report.unexpected
                                                                                  : std::vector<std::string>{};
}

std::vector<std::string> left_by_training(const LoadReport& report, const StateDict& weights,
                                          const Blueprint& network) {
  if (!report.missing.empty() || !report.mismatched.empty()) return {};
  std::set<std::string_view> taken;
  for (const ParameterSpec& spec : network.parameters) taken.insert(first_module(spec.name));
  const bool all = std::ranges::all_of(report.unexpected, [&](const std::string& name) {
    const std::size_t rank = weights.at(name).shape().size();
    const bool lies_in_a_module = name.find('.') != std::string::npos && !taken.contains(first_module(name));
    return lies_in_a_module && (rank == 0 || (rank == 1 && name.ends_with(".weight")));
  });
  return all ? report.unexpected : std::vector<std::string>{};
}

std::vector<std::string> layers_of(std::span<const std::string> names) {
  std::vector<std::string> layers;
  for (const std::string& name : names) {
    std::string layer = name.substr(0, name.find_last_of("/."));
    if (std::ranges::find(layers, layer) == layers.end()) layers.push_back(std::move(layer));
  }
  return layers;
}

}  // namespace enxerto
