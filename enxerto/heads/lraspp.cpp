#include "enxerto/heads/lraspp.h"

#include <cmath>
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

/// The maps as one, side by side at the size of the first, through a convolution of 1 x 1: the same of each map at its
/// own size, brought to that of the first and added, for resizing and mixing channels may change places. Weights begin
/// as those of the one convolution would (Glorot): by their own fans those of a map of few channels would outweigh the
/// rest.
std::string mixed(GraphBuilder& net, std::span<const std::string> maps) {
  if (maps.size() == 1) return net.conv(maps[0], {.name = "head.deep", .out = kDeepWidth});
  std::int64_t channels = 0;
  for (const std::string& map : maps) channels += net.shape_of(map)[1].size;
  const double deviation = std::sqrt(2 / static_cast<double>(channels + kDeepWidth));
  std::string sum;
  for (std::size_t i = 0; i < maps.size(); ++i) {
    const std::string name = i == 0 ? "head.deep" : fmt::format("head.deep.map{}", i);
    const std::string part = net.conv(maps[i], {.name = name, .out = kDeepWidth});
    net.start(name + ".weight", {.deviation = deviation});
    sum = i == 0 ? part : net.add("Add", name + ".sum", {sum, brought_to_size(net, part, name + ".resized", sum)});
  }
  return sum;
}

/// The means of all channels of the maps.
std::string pooled(GraphBuilder& net, std::span<const std::string> maps) {
  std::vector<std::string> means;
  for (std::size_t i = 0; i < maps.size(); ++i)
    means.push_back(net.add("GlobalAveragePool", fmt::format("head.gate.pool{}", i), {maps[i]}));
  return means.size() == 1 ? means[0] : net.add("Concat", "head.gate.pool", means, {{"axis", std::int64_t{1}}});
}

/// The deep branch: 128 channels, each times how much of it all of the input calls for.
std::string gated(GraphBuilder& net, std::span<const std::string> maps) {
  const std::string normed = net.batch_norm(mixed(net, maps), "head.deep.norm", kNormEpsilonOfMaps);
  const std::string active = net.relu(normed, "head.deep.act");
  const std::string gate =
      net.add("Sigmoid", "head.gate.sigmoid", {net.conv(pooled(net, maps), {.name = "head.gate", .out = kDeepWidth})});
  return net.add("Mul", "head.deep.gated", {active, gate});
}

}  // namespace

void add_lraspp(GraphBuilder& net, const HeadFeatures& features, std::int64_t classes) {
  require_pixel_maps(features, classes);
  std::vector<std::string> maps;
  for (const Value& map : features.maps) maps.push_back(map.name);
  net.stage(std::string(kHeadStage));
  const std::span<const std::string> deep = maps.size() == 1 ? std::span(maps) : std::span(maps).subspan(1);
  std::string scores = net.conv(gated(net, deep), {.name = "head.deep.scores", .out = classes, .bias = true});
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
