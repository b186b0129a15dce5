#include "enxerto/zoo/efficientnet.h"

#include <array>
#include <cmath>

#include <fmt/format.h>

#include "enxerto/base/to_size.h"
#include "enxerto/graph/head_stage.h"
#include "enxerto/zoo/divisible_width.h"
#include "enxerto/zoo/efficientnet_variant.h"
#include "enxerto/zoo/inverted_residual.h"

namespace enxerto {
namespace {

constexpr double kStemWidth = 32;

struct Scale {
  double width, depth;
};
constexpr std::array<Scale, 5> kScales{{{1.0, 1.0}, {1.0, 1.1}, {1.1, 1.2}, {1.2, 1.4}, {1.4, 1.8}}};

struct BlockGroup {
  double repeats;
  std::int64_t kernel, stride, expansion;
  double width;
};
constexpr std::array<BlockGroup, 7> kGroups{{{1, 3, 1, 1, 16},
                                             {2, 3, 2, 6, 24},
                                             {2, 5, 2, 6, 40},
                                             {3, 3, 2, 6, 80},
                                             {3, 5, 1, 6, 112},
                                             {4, 5, 2, 6, 192},
                                             {1, 3, 1, 6, 320}}};

/// The blocks of group number `group`, called features.{group + 1}.0 and so on.
std::string add_group(GraphBuilder& net, std::string x, std::size_t group, const Scale& scale) {
  const BlockGroup& row = kGroups.at(group);
  for (int i = 0; i < static_cast<int>(std::ceil(row.repeats * scale.depth)); ++i) {
    const std::int64_t in = net.shape_of(x)[1].size;
    x = inverted_residual(net, x,
                          {.scope = fmt::format("features.{}.{}.block.", group + 1, i),
                           .expanded = in * row.expansion,
                           .out = divisible_width(row.width * scale.width),
                           .kernel = row.kernel,
                           .stride = i == 0 ? row.stride : 1,
                           .squeezed = in / 4,
                           .activation = Activation::silu,
                           .squeeze_activation = Activation::silu});
  }
  return x;
}

}  // namespace

Blueprint efficientnet(const EfficientNetConfig& config) {
  check_variant("efficientnet_b", {.variant = config.variant, .size = config.size, .classes = config.classes});
  const Scale& scale = kScales.at(to_size(config.variant));
  GraphBuilder net(fmt::format("efficientnet_b{}", config.variant));
  std::string x = net.input("input", {"batch", 3, config.size, config.size});

  net.stage("stem");
  x = conv_norm(net, x,
                {.name = "features.0",
                 .out = divisible_width(kStemWidth * scale.width),
                 .kernel = 3,
                 .stride = 2,
                 .activation = Activation::silu});
  for (std::size_t group = 0; group < kGroups.size(); ++group) {
    net.stage(fmt::format("blocks{}", group));
    x = add_group(net, x, group, scale);
  }
  net.stage("features");
  x = conv_norm(net, x,
                {.name = fmt::format("features.{}", kGroups.size() + 1),
                 .out = 4 * net.shape_of(x)[1].size,
                 .activation = Activation::silu});

  net.stage(std::string(kHeadStage));
  x = net.linear(net.global_average_pool(x, "avgpool"), "classifier.1", config.classes);
  net.output(x, "logits");
  return std::move(net).finish();
}

}  // namespace enxerto
