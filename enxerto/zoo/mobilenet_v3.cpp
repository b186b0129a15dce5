#include "enxerto/zoo/mobilenet_v3.h"

#include <span>
#include <utility>
#include <vector>

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
  std::int64_t dilation = 1;
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

/// The number of the last block that halves its map.
std::size_t last_stride(std::span<const Row> rows) {
  std::size_t last = 0;
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (rows[i].stride > 1) last = i;
  return last;
}

/// The blocks of that network; behind the last stride half as wide with a reduced tail.
std::vector<Row> rows_of(const MobileNetV3Config& config) {
  const std::span<const Row> table = config.small ? std::span<const Row>(kSmall) : std::span<const Row>(kLarge);
  std::vector<Row> rows(table.begin(), table.end());
  if (config.dilated) {
    const std::size_t last = last_stride(rows);
    rows[last].stride = 1;
    for (std::size_t i = last; i < rows.size(); ++i) rows[i].dilation = 2;
  }
  if (!config.reduced_tail) return rows;
  const std::size_t last = last_stride(rows);
  rows[last].out /= 2;
  for (std::size_t i = last + 1; i < rows.size(); ++i) {
    rows[i].expanded /= 2;
    rows[i].out /= 2;
  }
  return rows;
}

/// features.1 and so on; returns the value behind the last block. `expansion`: number of the block whose expansion is a
/// stage of its own.
std::string add_blocks(GraphBuilder& net, std::string x, std::span<const Row> rows, std::size_t expansion) {
  int stage = -1;
  std::int64_t width = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Row& row = rows[i];
    if (row.out != width) ++stage;
    const std::string name = fmt::format("blocks{}", stage);
    if (row.out != width) net.stage(i == expansion ? "expansion" : name);
    width = row.out;
    x = inverted_residual(net, x,
                          {.scope = fmt::format("features.{}.block.", i + 1),
                           .expanded = row.expanded,
                           .out = row.out,
                           .kernel = row.kernel,
                           .stride = row.stride,
                           .dilation = row.dilation,
                           // NOLINTNEXTLINE(bugprone-integer-division): torchvision rounds it off, too
                           .squeezed = row.squeezes ? divisible_width(static_cast<double>(row.expanded / 4)) : 0,
                           .epsilon = kEpsilon,
                           .activation = row.activation,
                           .gate = Activation::hard_sigmoid,
                           .stage = i == expansion ? name : ""});
  }
  return x;
}

/// Stem, blocks and features; returns the last.
std::string add_body(GraphBuilder& net, std::string x, std::span<const Row> rows, std::size_t expansion) {
  net.stage("stem");
  x = conv_norm(
      net, x,
      {.name = "features.0", .out = kStemWidth, .kernel = 3, .stride = 2, .epsilon = kEpsilon, .activation = kSwish});
  x = add_blocks(net, x, rows, expansion);
  net.stage("features");
  return conv_norm(net, x,
                   {.name = fmt::format("features.{}", rows.size() + 1),
                    .out = 6 * rows.back().out,
                    .epsilon = kEpsilon,
                    .activation = kSwish});
}

}  // namespace

std::array<std::string, 2> add_mobilenet_v3_body(GraphBuilder& net, std::string x, const MobileNetV3Config& config) {
  const std::vector<Row> rows = rows_of(config);
  const std::size_t expansion = last_stride(rows);
  const std::string features = add_body(net, std::move(x), rows, expansion);
  return {fmt::format("features.{}.block.0.2", expansion + 1), features};
}

std::array<std::string, 2> add_dilated_mobilenet_v3_body(GraphBuilder& net, std::string x,
                                                         const MobileNetV3Config& config) {
  MobileNetV3Config dilated = config;
  dilated.dilated = true;
  const std::vector<Row> rows = rows_of(dilated);
  std::int64_t stride = 2;
  std::size_t fine = 0;
  while (stride < 8) stride *= rows[fine++].stride;
  const std::string features = add_body(net, std::move(x), rows, rows.size());
  // The projection of the block, the last of its layers: nothing is added where there is a stride.
  return {fmt::format("features.{}.block.{}.1", fine, rows[fine - 1].squeezes ? 3 : 2), features};
}

Blueprint mobilenet_v3(const MobileNetV3Config& config) {
  const std::string name = config.small ? "mobilenet_v3_small" : "mobilenet_v3_large";
  check(config, name);
  const std::vector<Row> rows = rows_of(config);
  GraphBuilder net(name);
  std::string x = net.input("input", {"batch", 3, config.size, config.size});
  x = add_body(net, std::move(x), rows, rows.size());
  net.stage(std::string(kHeadStage));
  x = net.linear(net.global_average_pool(x, "avgpool"), "classifier.0",
                 (config.small ? 1024 : 1280) / (config.reduced_tail ? 2 : 1));
  x = net.linear(activate(net, x, "classifier.1", kSwish), "classifier.3", config.classes);
  net.output(x, "logits");
  return std::move(net).finish();
}

}  // namespace enxerto
