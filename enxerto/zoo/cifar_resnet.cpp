#include "enxerto/zoo/cifar_resnet.h"

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/graph/builder.h"
#include "enxerto/graph/head_stage.h"
#include "enxerto/zoo/residual_block.h"

namespace enxerto {
namespace {

constexpr int kDeepest = 110, kStages = 3;
constexpr std::int64_t kWidth = 16;

void check(const CifarResNetConfig& config) {
  const bool known = config.depth >= 8 && config.depth <= kDeepest && config.depth % 6 == 2;
  if (known && config.size >= 1 && config.classes >= 1) return;
  throw usage_error(fmt::format("resnet{}_cifar", config.depth),
                    fmt::format("depth {}, {} px, {} classes", config.depth, config.size, config.classes),
                    fmt::format("depth 8, 14, 20 .. {}, at least one pixel and one class", kDeepest));
}

}  // namespace

Blueprint cifar_resnet(const CifarResNetConfig& config) {
  check(config);
  GraphBuilder net(fmt::format("resnet{}_cifar", config.depth));
  std::string x = net.input("input", {"batch", 3, config.size, config.size});
  net.stage("stem");
  x = residual_stem(net, x, {.out = kWidth, .kernel = 3, .stride = 1});
  for (int layer = 0; layer < kStages; ++layer) {
    net.stage(fmt::format("layer{}", layer + 1));
    for (int i = 0; i < (config.depth - 2) / 6; ++i)
      x = residual_block(net, x,
                         {.scope = fmt::format("layer{}.{}.", layer + 1, i),
                          .width = kWidth << layer,
                          .stride = layer > 0 && i == 0 ? 2 : 1});
  }
  net.stage(std::string(kHeadStage));
  x = net.linear(net.global_average_pool(x, "avgpool"), "fc", config.classes);
  net.output(x, "logits");
  return std::move(net).finish();
}

}  // namespace enxerto
