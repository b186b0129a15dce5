#include "enxerto/zoo/mobilenet_v3.h"

#include <span>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/graph/head_stage.h"
#include "enxerto/zoo/divisible_width.h"
#include "enxerto/zoo/inverted_residual.h"

namespace enxerto {
namespace {

constexpr float kEpsilon = 1e-3F;
constexpr std::int64_t kStemWidth = 16;
constexpr Activation kRelu = Activation::relu, kSwish = Activation::hard_swish;

struct Row {
  std::int64_t kernel, expanded, out;
  bool squeezes;
  Activation activation;
  std::int64_t stride;
};
constexpr Row kLarge[] = {
    {3, 16, 16, false, kRelu, 1},   {3, 64, 24, false, kRelu, 2},   {3, 72, 24, false, kRelu, 1},
    {5, 72, 40, true, kRelu, 2},    {5, 120, 40, true, kRelu, 1},   {5, 120, 40, true, kRelu, 1},
    {3, 240, 80, false, kSwish, 2}, {3, 200, 80, false, kSwish, 1}, {3, 184, 80, false, kSwish, 1},
    {3, 184, 80, false, kSwish, 1}, {3, 480, 112, true, kSwish, 1}, {3, 672, 112, true, kSwish, 1},
    {5, 672, 160, true, kSwish, 2}, {5, 960, 160, true, kSwish, 1}, {5, 960, 160, true, kSwish, 1},
};
constexpr Row kSmall[] = {
    {3, 16, 16, true, kRelu, 2},   {3, 72, 24, false, kRelu, 2},  {3, 88, 24, false, kRelu, 1},
    {5, 96, 40, true, kSwish, 2},  {5, 240, 40, true, kSwish, 1}, {5, 240, 40, true, kSwish, 1},
    {5, 120, 48, true, kSwish, 1}, {5, 144, 48, true, kSwish, 1}, {5, 288, 96, true, kSwish, 2},
    {5, 576, 96, true, kSwish, 1}, {5, 576, 96, true, kSwish, 1},
};

void check(const MobileNetV3Config& config, const std::string& name) {
  if (config.size > 0 && config.classes > 0) return;
  throw usage_error(name, fmt::format("{} px, {} classes", config.size, config.classes),
                    "at least one pixel and one class");
}

/// features.1 and so on; returns the value behind the last block.
std::string add_blocks(GraphBuilder& net, std::string x, std::span<const Row> rows) {
  int position = 1, stage = -1;
  std::int64_t width = 0;
  for (const Row& row : rows) {
    if (row.out != width) net.stage(fmt::format("blocks{}", ++stage));
    width = row.out;
    x = inverted_residual(net, x,
                          {.scope = fmt::format("features.{}.block.", position++),
                           .expanded = row.expanded,
                           .out = row.out,
                           .kernel = row.kernel,
                           .stride = row.stride,
                           // NOLINTNEXTLINE(bugprone-integer-division): torchvision rounds it off, too
                           .squeezed = row.squeezes ? divisible_width(static_cast<double>(row.expanded / 4)) : 0,
                           .epsilon = kEpsilon,
                           .activation = row.activation,
                           .gate = Activation::hard_sigmoid});
  }
  return x;
}

}  // namespace

Blueprint mobilenet_v3(const MobileNetV3Config& config) {
  const std::string name = config.small ? "mobilenet_v3_small" : "mobilenet_v3_large";
  check(config, name);
  const std::span<const Row> rows = config.small ? std::span<const Row>(kSmall) : std::span<const Row>(kLarge);
  GraphBuilder net(name);
  std::string x = net.input("input", {"batch", 3, config.size, config.size});

  net.stage("stem");
  x = conv_norm(
      net, x,
      {.name = "features.0", .out = kStemWidth, .kernel = 3, .stride = 2, .epsilon = kEpsilon, .activation = kSwish});
  x = add_blocks(net, x, rows);
  net.stage("features");
  x = conv_norm(net, x,
                {.name = fmt::format("features.{}", rows.size() + 1),
                 .out = 6 * rows.back().out,
                 .epsilon = kEpsilon,
                 .activation = kSwish});

  net.stage(std::string(kHeadStage));
  x = net.linear(net.global_average_pool(x, "avgpool"), "classifier.0", config.small ? 1024 : 1280);
  x = net.linear(activate(net, x, "classifier.1", kSwish), "classifier.3", config.classes);
  net.output(x, "logits");
  return std::move(net).finish();
}

}  // namespace enxerto
