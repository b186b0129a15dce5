#include "enxerto/zoo/resnet.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/to_size.h"
#include "enxerto/graph/builder.h"
#include "enxerto/graph/head_stage.h"
#include "enxerto/zoo/residual_block.h"

namespace enxerto {
namespace {

struct Depth {
  int depth;
  std::array<int, 4> blocks;
  bool bottleneck;
};
constexpr std::array<Depth, 5> kDepths{{{18, {2, 2, 2, 2}, false},
                                        {34, {3, 4, 6, 3}, false},
                                        {50, {3, 4, 6, 3}, true},
                                        {101, {3, 4, 23, 3}, true},
                                        {152, {3, 8, 36, 3}, true}}};

const Depth& depth_of(const ResNetConfig& config) {
  const auto* row =
      std::find_if(kDepths.begin(), kDepths.end(), [&](const Depth& known) { return known.depth == config.depth; });
  if (row == kDepths.end() || config.size < 1 || config.classes < 1) {
    throw usage_error(fmt::format("resnet{}", config.depth),
                      fmt::format("depth {}, {} px, {} classes", config.depth, config.size, config.classes),
                      "depth 18, 34, 50, 101 or 152, at least one pixel and one class");
  }
  return *row;
}

}  // namespace

std::array<std::string, 4> add_resnet_body(GraphBuilder& net, std::string x, const ResNetConfig& config) {
  const Depth& depth = depth_of(config);
  std::array<std::string, 4> maps;
  net.stage("stem");
  x = net.max_pool(residual_stem(net, x, {.out = 64, .kernel = 7, .stride = 2}), "maxpool", 3, 2);
  std::int64_t reached = 4, holes = 1;
  for (int layer = 0; layer < 4; ++layer) {
    const bool dilated = layer > 0 && reached >= config.output_stride;
    const std::int64_t before = holes;
    if (dilated) holes *= 2;
    if (layer > 0 && !dilated) reached *= 2;
    net.stage(fmt::format("layer{}", layer + 1));
    for (int i = 0; i < depth.blocks.at(to_size(layer)); ++i) {
      x = residual_block(net, x,
                         {.scope = fmt::format("layer{}.{}.", layer + 1, i),
                          .width = std::int64_t{64} << layer,
                          .stride = layer > 0 && i == 0 && !dilated ? 2 : 1,
                          .dilation = i == 0 ? before : holes,
                          .bottleneck = depth.bottleneck});
    }
    maps.at(to_size(layer)) = x;
  }
  return maps;
}

Blueprint resnet(const ResNetConfig& config) {
  GraphBuilder net(fmt::format("resnet{}", config.depth));
  (void)depth_of(config);
  const std::string input = net.input("input", {"batch", 3, config.size, config.size});
  const std::string x = add_resnet_body(net, input, config).back();
  net.stage(std::string(kHeadStage));
  net.output(net.linear(net.global_average_pool(x, "avgpool"), "fc", config.classes), "logits");
  return std::move(net).finish();
}

}  // namespace enxerto
