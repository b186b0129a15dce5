#include "enxerto/heads/lraspp.h"

#include <algorithm>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/graph/bilinear_resize.h"
#include "enxerto/graph/builder.h"

namespace enxerto {
namespace {

constexpr std::int64_t kDeepWidth = 128;
constexpr float kNormEpsilonOfMaps = 1e-5F;

bool is_fixed_map(const Value& map) {
  return map.dtype == DType::f32 && map.shape.size() == 4 && !map.shape[1].is_symbolic() &&
         !map.shape[2].is_symbolic() && !map.shape[3].is_symbolic();
}

/// Bilinear, corners not aligned.
std::string brought_to_size(GraphBuilder& net, const std::string& x, const std::string& name, const std::string& like) {
  const SymbolicShape &shape = net.shape_of(x), wanted = net.shape_of(like);
  if (shape[2] == wanted[2] && shape[3] == wanted[3]) return x;
  return net.add("Resize", name, {x, "", "", net.integers({wanted[2].size, wanted[3].size})}, bilinear_resize());
}

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
  const std::string narrow = net.conv(deep, {.name = "head.deep", .out = kDeepWidth});
  const std::string active = net.relu(net.batch_norm(narrow, "head.deep.norm", kNormEpsilonOfMaps), "head.deep.act");
  const std::string whole = net.add("GlobalAveragePool", "head.gate.pool", {deep});
  const std::string gate =
      net.add("Sigmoid", "head.gate.sigmoid", {net.conv(whole, {.name = "head.gate", .out = kDeepWidth})});
  return net.add("Mul", "head.deep.gated", {active, gate});
}

}  // namespace

Blueprint lraspp_network(const HeadSpec& /*spec*/, const HeadFeatures& features, std::int64_t classes) {
  if (features.maps.empty() || !std::ranges::all_of(features.maps, is_fixed_map))
    throw usage_error("head: features", features.maps.empty() ? "no maps" : to_string(features.maps.front().shape),
                      "feature maps (batch, channels, height, width) at a fixed input size", "a convolutional network");
  if (classes < 1) throw usage_error("head: classes", fmt::format("{}", classes), "at least one");
  GraphBuilder net{std::string(kHeadStage)};
  std::vector<std::string> maps;
  for (const Value& map : features.maps) maps.push_back(net.input(map.name, map.shape, map.dtype));
  net.stage(std::string(kHeadStage));
  const std::span<const std::string> deep = maps.size() == 1 ? std::span(maps) : std::span(maps).subspan(1);
  std::string scores =
      net.conv(gated(net, deep_features(net, deep)), {.name = "head.deep.scores", .out = classes, .bias = true});
  if (maps.size() > 1) {
    const std::string fine_map = net.batch_norm(maps[0], "head.fine.norm", kNormEpsilonOfMaps);
    const std::string fine = net.conv(fine_map, {.name = "head.fine.scores", .out = classes, .bias = true});
    scores = net.add("Add", "head.scores", {brought_to_size(net, scores, "head.deep.resized", fine), fine});
  }
  const std::string answer = net.add("Identity", "head.answer", {scores});
  net.output(scores, std::string(kHeadLogits)).output(answer, std::string(kHeadProbabilities));
  return std::move(net).finish();
}

}  // namespace enxerto
