#include "enxerto/weights/keras/legacy_names.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <unordered_map>
#include <utility>

#include "enxerto/weights/keras/layer_class.h"

namespace enxerto {
namespace {

/// Keras 1 called variables "<layer>_W"; its running_std always was a variance.
struct OldWord {
  std::string_view old, now;
};
constexpr std::array<OldWord, 6> kOldWords = {{{"W", "kernel"},
                                               {"b", "bias"},
                                               {"gamma", "gamma"},
                                               {"beta", "beta"},
                                               {"running_mean", "moving_mean"},
                                               {"running_std", "moving_variance"}}};

std::string_view without_output_number(std::string_view weight) {
  const std::size_t colon = weight.rfind(':');
  if (colon == std::string_view::npos || colon + 1 == weight.size()) return weight;
  const bool number =
      std::ranges::all_of(weight.substr(colon + 1), [](unsigned char letter) { return std::isdigit(letter) != 0; });
  return number ? weight.substr(0, colon) : weight;
}

/// What stands behind the layer's own name in a path, where it is there as whole components; empty otherwise.
std::string_view behind(std::string_view layer, std::string_view weight) {
  for (std::size_t at = weight.find(layer); at != std::string_view::npos; at = weight.find(layer, at + 1)) {
    const std::size_t end = at + layer.size();
    if ((at == 0 || weight[at - 1] == '/') && end < weight.size() && weight[end] == '/') return weight.substr(end + 1);
  }
  return {};
}

/// "conv1_W_1" of the layer "conv1" -> "kernel"; empty where it is no such name.
std::string_view keras1_variable(std::string_view layer, std::string_view weight) {
  if (weight.find('/') != std::string_view::npos || !weight.starts_with(layer)) return {};
  std::string_view rest = weight.substr(layer.size());
  if (!rest.starts_with('_')) return {};
  rest = numbered(rest.substr(1)).base;
  const auto* const found = std::ranges::find(kOldWords, rest, &OldWord::old);
  return found == kOldWords.end() ? std::string_view() : found->now;
}

/// Whether `weight` is "<layer>_<number>/<variable>", the scope that TensorFlow gives a layer's name the second time.
bool is_repeated_scope(std::string_view layer, std::string_view weight) {
  const std::size_t slash = weight.find('/');
  if (slash == std::string_view::npos || weight.find('/', slash + 1) != std::string_view::npos) return false;
  const std::string_view scope = weight.substr(0, slash);
  return scope != layer && numbered(scope).base == layer;
}

std::string_view scope_of(std::string_view name) {
  const std::size_t slash = name.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : name.substr(0, slash);
}

}  // namespace

std::string legacy_variable_name(std::string_view layer, std::string_view weight) {
  weight = without_output_number(weight);
  const std::string prefix = std::string(layer) + "/";
  if (const std::string_view rest = behind(layer, weight); !rest.empty()) return prefix + std::string(rest);
  if (const std::string_view old = keras1_variable(layer, weight); !old.empty()) return prefix + std::string(old);
  return prefix + std::string(weight);
}

std::vector<LegacyVariable> legacy_variables(std::string_view layer, const std::vector<std::string>& weights) {
  // A nested model may have one layer whose name is its own with a number; several scopes are layers, one is the layer.
  const bool repeated = std::ranges::all_of(weights, [&](std::string_view weight) {
    return is_repeated_scope(layer, weight) && scope_of(weight) == scope_of(weights.front());
  });
  std::vector<LegacyVariable> variables;
  std::unordered_map<std::string, std::size_t> order;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const std::string_view weight =
        repeated ? std::string_view(weights[i]).substr(weights[i].find('/') + 1) : std::string_view(weights[i]);
    variables.push_back({.name = legacy_variable_name(layer, weight), .weight = i});
    order.emplace(scope_of(variables.back().name), order.size());
  }
  std::ranges::sort(variables, {}, [&](const LegacyVariable& variable) {
    return std::pair(order.at(std::string(scope_of(variable.name))), variable.weight);
  });
  return variables;
}

}  // namespace enxerto
