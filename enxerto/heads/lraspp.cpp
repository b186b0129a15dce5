#include "enxerto/heads/lraspp.h"

#include <span>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "enxerto/graph/builder.h"
#include "enxerto/heads/map_head.h"
#include "enxerto/heads/pixel_layers.h"

namespace enxerto {
namespace {

constexpr std::int64_t kDeepWidth = 128;

/// What is behind the finest map, side by side.
std::string deep_features(GraphBuilder& net, std::span<const std::string> maps) {
  if (maps.size() == 1) return maps[0];
  std::vector<std::string> sides;
  for (std::size_t i = 0; i < maps.size(); ++i)
    sides.push_back(brought_to_size(net, maps[i], fmt::format("head.deep.map{}", i), maps[0]));
  return net.add("Concat", "head.deep.maps", sides, {{"axis", std::int64_t{1}}});
}

/// The deep branch: 128 channels, each times how much of it all of the input calls for.
std::string gated(GraphBuilder& net, const std::string& deep) {
  const std::string active = normed_conv(net, deep, {.name = "head.deep", .out = kDeepWidth});
  const std::string whole = net.add("GlobalAveragePool", "head.gate.pool", {deep});
  const std::string gate =
      net.add("Sigmoid", "head.gate.sigmoid", {net.conv(whole, {.name = "head.gate", .out = kDeepWidth})});
  return net.add("Mul", "head.deep.gated", {active, gate});
}

}  // namespace

void add_lraspp(GraphBuilder& net, const HeadFeatures& features, std::int64_t classes) {
  require_pixel_maps(features, classes);
  std::vector<std::string> maps;
  for (const Value& map : features.maps) maps.push_back(map.name);
  net.stage(std::string(kHeadStage));
  const std::span<const std::string> deep = maps.size() == 1 ? std::span(maps) : std::span(maps).subspan(1);
  std::string scores =
      net.conv(gated(net, deep_features(net, deep)), {.name = "head.deep.scores", .out = classes, .bias = true});
  if (maps.size() > 1) {
    const std::string fine_map = net.batch_norm(maps[0], "head.fine.norm", kNormEpsilonOfMaps);
    const std::string fine = net.conv(fine_map, {.name = "head.fine.scores", .out = classes, .bias = true});
    scores = net.add("Add", "head.scores", {brought_to_size(net, scores, "head.deep.resized", fine), fine});
  }
  answer_with(net, scores);
}

Blueprint lraspp_network(const HeadSpec& /*spec*/, const HeadFeatures& features, std::int64_t classes) {
  return alone(features, [&](GraphBuilder& net) { add_lraspp(net, features, classes); });
}

std::optional<HeadSpec> lraspp_in(const StateDict& parameters) {
  return parameters.contains("head.gate.weight") ? std::optional(HeadSpec{.kind = "lraspp"}) : std::nullopt;
}

}  // namespace enxerto
