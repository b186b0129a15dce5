#include "enxerto/pretrained/network_in.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/pretrained/fit_weights.h"
#include "enxerto/pretrained/module_name.h"
#include "enxerto/pretrained/name_table.h"
#include "enxerto/zoo/registry.h"

namespace enxerto {
namespace {

constexpr std::size_t kDeepest = 6;  // modules around a network
constexpr std::size_t kShare = 8;    // a network is more than one part in so many of the tensors
constexpr std::size_t kNamesShown = 6;

/// Beginnings of names that end in a point, "" first, the outermost before those inside them; few tensors are no
/// network.
std::vector<std::string> prefixes_of(const StateDict& weights) {
  std::unordered_map<std::string, std::size_t> counts;
  std::vector<std::string> prefixes;
  for (const auto& [name, _] : weights) {
    std::size_t depth = 0;
    for (std::size_t at = name.find('.'); at != std::string::npos && depth < kDeepest; at = name.find('.', at + 1)) {
      ++depth;
      std::string prefix = name.substr(0, at + 1);
      if (counts[prefix]++ == 0) prefixes.push_back(std::move(prefix));
    }
  }
  std::erase_if(prefixes, [&](const std::string& prefix) { return counts.at(prefix) * kShare < weights.size(); });
  std::ranges::stable_sort(prefixes, {}, [](const std::string& prefix) { return std::ranges::count(prefix, '.'); });
  prefixes.insert(prefixes.begin(), "");
  return prefixes;
}

NetworkTensors behind(const StateDict& weights, const std::string& prefix) {
  NetworkTensors found;
  for (const auto& [name, tensor] : weights) {
    if (name.starts_with(prefix))
      found.tensors.set(name.substr(prefix.size()), tensor);
    else
      found.others.push_back(name);
  }
  return found;
}

bool digits_only(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](unsigned char c) { return std::isdigit(c) != 0; });
}

/// The modules at the top, in order.
template <typename Names>
std::vector<std::string> modules_of(const Names& names) {
  std::vector<std::string> modules;
  for (const auto& name : names) {
    std::string module(first_module(name));
    if (std::ranges::find(modules, module) == modules.end()) modules.push_back(std::move(module));
  }
  return modules;
}

std::vector<std::string> names_of(const StateDict& weights) {
  std::vector<std::string> names;
  for (const auto& [name, _] : weights) names.push_back(name);
  return names;
}

/// The numbers of a Sequential replaced by the modules of the architecture in their order; nothing where it has fewer.
std::optional<StateDict> by_order(const StateDict& weights, const std::vector<std::string>& numbers,
                                  const Architecture& architecture) {
  std::vector<std::string> names;
  for (const ParameterSpec& spec : architecture.build({}).parameters) names.push_back(spec.name);
  const std::vector<std::string> modules = modules_of(names);
  if (modules.size() < numbers.size()) return std::nullopt;
  StateDict renamed;
  for (const auto& [name, tensor] : weights) {
    const std::string_view number = first_module(name);
    const auto place = std::ranges::find(numbers, number) - numbers.begin();
    renamed.set(modules[static_cast<std::size_t>(place)] + name.substr(number.size()), tensor);
  }
  return renamed;
}

/// Modules of a Sequential: those that "features" lacks, or all of a network by their order.
std::optional<StateDict> from_sequential(const StateDict& weights) {
  const std::vector<std::string> modules = modules_of(names_of(weights));
  StateDict inside;
  for (const auto& [name, tensor] : weights) inside.set("features." + name, tensor);
  if (name_table_for(inside) != nullptr && !recognise_architecture(inside).empty()) return inside;
  if (modules.size() < 3 || !std::ranges::all_of(modules, digits_only)) return std::nullopt;
  for (const Architecture& architecture : architectures()) {
    std::optional<StateDict> renamed = by_order(weights, modules, architecture);
    if (renamed && fits(architecture, *renamed)) return renamed;
  }
  return std::nullopt;
}

std::string shown(const std::vector<std::string>& names) {
  const std::span<const std::string> first(names.data(), std::min(names.size(), kNamesShown));
  return fmt::format("{}{}", fmt::join(first, ", "),
                     names.size() > kNamesShown ? fmt::format(" and {} more", names.size() - kNamesShown) : "");
}

NetworkTensors noted(NetworkTensors found, const std::string& prefix, std::string_view in_order) {
  if (!prefix.empty()) found.notes.push_back(fmt::format("removed the prefix '{}' from the names", prefix));
  if (!in_order.empty()) found.notes.emplace_back(in_order);
  std::erase_if(found.others, [](const std::string& name) { return name.ends_with(".num_batches_tracked"); });
  if (!found.others.empty())
    found.notes.push_back(fmt::format("left out what is not in the network: {}", shown(found.others)));
  return found;
}

}  // namespace

NetworkTensors network_in(const StateDict& weights) {
  if (name_table_for(weights) != nullptr) return {.tensors = weights, .others = {}};
  const std::vector<std::string> prefixes = prefixes_of(weights);
  for (const std::string& prefix : prefixes) {
    NetworkTensors found = behind(weights, prefix);
    if (name_table_for(found.tensors) != nullptr) return noted(std::move(found), prefix, "");
  }
  for (const std::string& prefix : prefixes) {
    NetworkTensors found = behind(weights, prefix);
    if (std::optional<StateDict> network = from_sequential(without_counters(found.tensors))) {
      found.tensors = *std::move(network);
      return noted(std::move(found), prefix, "the modules have numbers for names: taken by their order");
    }
  }
  return {.tensors = weights, .others = {}};
}

}  // namespace enxerto
