#include "enxerto/heads/deeplab.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "enxerto/graph/attributes.h"
#include "enxerto/graph/builder.h"
#include "enxerto/heads/map_head.h"
#include "enxerto/heads/pixel_layers.h"

namespace enxerto {
namespace {

constexpr std::int64_t kWidthOfDeepLab = 256;
constexpr std::array<std::int64_t, 3> kHoles{12, 24, 36};  // of a map of an eighth of the input

/// Of the convolutions with holes, the first one's number 1.
std::array<std::int64_t, 3> holes_of(const HeadFeatures& features) {
  constexpr double kEighth = 8;
  std::array<std::int64_t, 3> holes = kHoles;
  if (features.former != nullptr) {
    for (std::size_t i = 0; i < holes.size(); ++i) {
      const auto node = std::ranges::find(features.former->nodes, fmt::format("head.aspp{}", i + 1), &Node::name);
      if (node == features.former->nodes.end()) continue;
      holes.at(i) = attribute<std::vector<std::int64_t>>(*node, "dilations", {1, 1}).at(0);
    }
    return holes;
  }
  const SymbolicShape &input = features.input, &map = features.maps.front().shape;
  if (input.size() != 4 || input[2].is_symbolic()) return holes;
  const double stride = std::round(static_cast<double>(input[2].size) / static_cast<double>(map[2].size));
  for (std::int64_t& hole : holes)
    hole = std::max<std::int64_t>(1, std::llround(static_cast<double>(hole) * kEighth / std::max(stride, 1.0)));
  return holes;
}

/// One of the things side by side.
std::string pointwise(GraphBuilder& net, const std::string& x, const std::string& name) {
  return normed_conv(net, x, {.name = name, .out = kWidthOfDeepLab});
}

std::string aspp_sides(GraphBuilder& net, const std::string& x, const std::array<std::int64_t, 3>& holes) {
  std::vector<std::string> sides{pointwise(net, x, "head.aspp0")};
  for (std::size_t i = 0; i < holes.size(); ++i)
    sides.push_back(normed_conv(net, x,
                                {.name = fmt::format("head.aspp{}", i + 1),
                                 .out = kWidthOfDeepLab,
                                 .kernel = 3,
                                 .dilation = holes.at(i),
                                 .padding = Padding::centered}));
  const std::string whole = net.add("GlobalAveragePool", "head.pool", {x});
  const std::string name = fmt::format("head.aspp{}", holes.size() + 1);
  sides.push_back(brought_to_size(net, pointwise(net, whole, name), name + ".resized", x));
  return net.add("Concat", "head.sides", sides, {{"axis", std::int64_t{1}}});
}

}  // namespace

void add_deeplab(GraphBuilder& net, const HeadFeatures& features, std::int64_t classes) {
  constexpr float kDropped = 0.5F;
  const Value& map = single_map(features, classes);
  const std::string& x = map.name;
  net.stage(std::string(kHeadStage));
  const std::string joined = pointwise(net, aspp_sides(net, x, holes_of(features)), "head.project");
  const std::string dropped = net.add("Dropout", "head.dropout", {joined, net.constant(Tensor::scalar(kDropped))});
  const std::string refined = normed_conv(
      net, dropped, {.name = "head.refine", .out = kWidthOfDeepLab, .kernel = 3, .padding = Padding::centered});
  const std::string scores = net.conv(refined, {.name = "head.scores", .out = classes, .bias = true});
  answer_with(net, scores);
}

Blueprint deeplab_network(const HeadSpec& /*spec*/, const HeadFeatures& features, std::int64_t classes) {
  return alone(features, [&](GraphBuilder& net) { add_deeplab(net, features, classes); });
}

std::optional<HeadSpec> deeplab_in(const StateDict& parameters) {
  return parameters.contains("head.aspp0.weight") ? std::optional(HeadSpec{.kind = "deeplab"}) : std::nullopt;
}

}  // namespace enxerto
