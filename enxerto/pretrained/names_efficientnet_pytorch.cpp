#include "enxerto/pretrained/names_efficientnet_pytorch.h"

#include <algorithm>
#include <charconv>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "enxerto/base/to_size.h"

namespace enxerto {
namespace {

using Pair = std::pair<std::string_view, std::string_view>;  // their part of a name, ours

constexpr std::string_view kBlock = "_blocks.";

constexpr Pair kOutsideBlocks[] = {
    {"_conv_stem", "conv_stem"}, {"_bn0", "bn1"}, {"_conv_head", "conv_head"}, {"_bn1", "bn2"}, {"_fc", "classifier"},
};
constexpr Pair kExpandingBlock[] = {
    {"_expand_conv", "conv_pw"},   {"_bn0", "bn1"}, {"_depthwise_conv", "conv_dw"}, {"_bn1", "bn2"},
    {"_project_conv", "conv_pwl"}, {"_bn2", "bn3"},
};
// A block without expansion: timm calls its projection conv_pw, there being no other pointwise convolution.
constexpr Pair kSeparableBlock[] = {
    {"_depthwise_conv", "conv_dw"},
    {"_bn1", "bn1"},
    {"_project_conv", "conv_pw"},
    {"_bn2", "bn2"},
};

/// "blocks.0.0", "blocks.1.0", "blocks.1.1" .. in the order of the network.
std::vector<std::string> blocks_of(const Blueprint& blueprint) {
  std::vector<std::string> blocks;
  for (const ParameterSpec& spec : blueprint.parameters) {
    if (!spec.name.starts_with("blocks.")) continue;
    const std::size_t second = spec.name.find('.', spec.name.find('.', 7) + 1);
    std::string block = spec.name.substr(0, second);
    if (std::find(blocks.begin(), blocks.end(), block) == blocks.end()) blocks.push_back(std::move(block));
  }
  return blocks;
}

/// `name` with its part before the first dot replaced by the table; empty where the table does not have it.
std::string replaced(std::string_view name, std::span<const Pair> table) {
  const std::size_t dot = std::min(name.find('.'), name.size());
  for (const auto& [theirs, ours] : table)
    if (name.substr(0, dot) == theirs) return std::string(ours) + std::string(name.substr(dot));
  return "";
}

std::string translated(std::string_view name, const std::vector<std::string>& blocks, const StateDict& weights) {
  if (!name.starts_with(kBlock)) return replaced(name, kOutsideBlocks);
  std::size_t number = 0;
  const char* const end = name.data() + name.size();
  const auto [after, error] = std::from_chars(name.data() + kBlock.size(), end, number);
  if (error != std::errc() || after == end || *after != '.' || number >= blocks.size()) return "";
  const std::string_view within(after + 1, to_size(end - after - 1));
  const std::string prefix(name.substr(0, to_size(after - name.data())));
  const bool expands = weights.contains(prefix + "._expand_conv.weight");
  const std::string rest =
      expands ? replaced(within, kExpandingBlock) : replaced(within, std::span<const Pair>(kSeparableBlock));
  return rest.empty() ? "" : blocks[number] + "." + rest;
}

}  // namespace

bool recognises_efficientnet_pytorch(const StateDict& weights) {
  return weights.contains("_conv_stem.weight") && weights.contains("_bn0.weight");
}

StateDict translate_efficientnet_pytorch(const StateDict& weights, const Blueprint& blueprint) {
  const std::vector<std::string> blocks = blocks_of(blueprint);
  StateDict ours;
  for (const auto& [name, tensor] : weights) {
    const std::string renamed = translated(name, blocks, weights);
    ours.set(renamed.empty() ? name : renamed, tensor);
  }
  return ours;
}

}  // namespace enxerto
