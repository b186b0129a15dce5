#include "enxerto/zoo/mobilenet_v2.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/graph/head_stage.h"
#include "enxerto/zoo/conv_norm.h"
#include "enxerto/zoo/divisible_width.h"

namespace enxerto {
namespace {

constexpr double kStemWidth = 32, kFeatureWidth = 1280, kMaximumWidth = 4;

struct BlockGroup {
  std::int64_t expansion;
  double width;
  int repeats;
  std::int64_t stride;
};
constexpr std::array<BlockGroup, 7> kGroups{
    {{1, 16, 1, 1}, {6, 24, 2, 2}, {6, 32, 3, 2}, {6, 64, 4, 2}, {6, 96, 3, 1}, {6, 160, 3, 2}, {6, 320, 1, 1}}};

/// Where Keras's network differs: a larger epsilon, the odd pixel of padding behind the picture, and widths whose
/// fraction is cut off before they are rounded to a multiple of 8.
struct Form {
  float epsilon;
  Padding padding;
  bool keras;
};
constexpr Form kTorchvision{1e-5F, Padding::centered, false}, kKeras{1e-3F, Padding::same, true};

std::int64_t block_width(double width, const Form& form) {
  return divisible_width(form.keras ? std::floor(width) : width);
}

struct Block {
  std::string scope;  ///< "features.1.conv."
  std::int64_t expansion, width, stride;
};

std::string add_block(GraphBuilder& net, const std::string& x, const Block& block, const Form& form) {
  const std::int64_t in = net.shape_of(x)[1].size;
  const std::int64_t wide = in * block.expansion;
  int layer = 0;
  const auto next = [&] { return fmt::format("{}{}", block.scope, layer++); };
  std::string y = x;
  if (block.expansion != 1)
    y = conv_norm(net, y, {.name = next(), .out = wide, .epsilon = form.epsilon, .activation = Activation::relu6});
  y = conv_norm(net, y,
                {.name = next(),
                 .out = wide,
                 .kernel = 3,
                 .stride = block.stride,
                 .groups = wide,
                 .epsilon = form.epsilon,
                 .padding = form.padding,
                 .activation = Activation::relu6});
  y = net.conv(y, {.name = next(), .out = block.width});
  y = net.batch_norm(y, next(), form.epsilon);
  return block.stride == 1 && in == block.width ? net.add("Add", block.scope + "add", {y, x}) : y;
}

void check(const MobileNetV2Config& config) {
  if (config.width > 0 && config.width <= kMaximumWidth && config.size > 0 && config.classes > 0) return;
  throw usage_error("mobilenet_v2",
                    fmt::format("width {}, {} px, {} classes", config.width, config.size, config.classes),
                    fmt::format("a width above 0 and at most {}, at least one pixel and one class", kMaximumWidth));
}

}  // namespace

Blueprint mobilenet_v2(const MobileNetV2Config& config) {
  check(config);
  const Form& form = config.keras ? kKeras : kTorchvision;
  GraphBuilder net(std::string(config.keras ? "keras_mobilenet_v2" : "mobilenet_v2") +
                   (config.width == 1.0 ? "" : fmt::format("_{:03.0f}", 100 * config.width)));
  std::string x = net.input("input", {"batch", 3, config.size, config.size});

  net.stage("stem");
  int position = 0;
  const auto next = [&] { return fmt::format("features.{}", position++); };
  x = conv_norm(net, x,
                {.name = next(),
                 .out = divisible_width(kStemWidth * config.width),
                 .kernel = 3,
                 .stride = 2,
                 .epsilon = form.epsilon,
                 .padding = form.padding,
                 .activation = Activation::relu6});
  for (std::size_t group = 0; group < kGroups.size(); ++group) {
    const BlockGroup& row = kGroups.at(group);
    net.stage(fmt::format("blocks{}", group));
    for (int i = 0; i < row.repeats; ++i) {
      x = add_block(net, x,
                    {.scope = next() + ".conv.",
                     .expansion = row.expansion,
                     .width = block_width(row.width * config.width, form),
                     .stride = i == 0 ? row.stride : 1},
                    form);
    }
  }
  net.stage("features");
  // Narrow networks keep the full width of the features.
  const std::int64_t features = divisible_width(kFeatureWidth * std::max(1.0, config.width));
  x = conv_norm(net, x, {.name = next(), .out = features, .epsilon = form.epsilon, .activation = Activation::relu6});

  net.stage(std::string(kHeadStage));
  x = net.linear(net.global_average_pool(x, "avgpool"), "classifier.1", config.classes);
  net.output(x, "logits");
  return std::move(net).finish();
}

}  // namespace enxerto
