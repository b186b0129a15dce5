#include "enxerto/zoo/vgg.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/to_size.h"
#include "enxerto/graph/builder.h"
#include "enxerto/graph/head_stage.h"

namespace enxerto {
namespace {

using Ints = std::vector<std::int64_t>;

constexpr float kEpsilon = 1e-5F;
constexpr std::int64_t kMinimumSize = 32, kPooled = 7;
constexpr std::array<std::int64_t, 5> kWidths{64, 128, 256, 512, 512};

struct Depth {
  int depth;
  std::array<int, 5> convolutions;
};
constexpr std::array<Depth, 4> kDepths{
    {{11, {1, 1, 2, 2, 2}}, {13, {2, 2, 2, 2, 2}}, {16, {2, 2, 3, 3, 3}}, {19, {2, 2, 4, 4, 4}}}};

const Depth& depth_of(const VggConfig& config) {
  const auto* row =
      std::find_if(kDepths.begin(), kDepths.end(), [&](const Depth& known) { return known.depth == config.depth; });
  if (row == kDepths.end() || config.size < kMinimumSize || config.classes < 1 || config.hidden < 1) {
    throw usage_error(fmt::format("vgg{}", config.depth),
                      fmt::format("depth {}, {} px, {} classes", config.depth, config.size, config.classes),
                      fmt::format("depth 11, 13, 16 or 19, at least {} px and one class", kMinimumSize));
  }
  return *row;
}

/// Row i averages the entries from floor(i * in / 7) up to ceil((i + 1) * in / 7): PyTorch's adaptive average pooling
/// along one side. As (7, in), or as its transpose.
Tensor pooling_matrix(std::int64_t in, bool transposed) {
  TensorBuffer buffer(DType::f32, transposed ? Shape{in, kPooled} : Shape{kPooled, in});
  const auto values = buffer.as<float>();
  std::fill(values.begin(), values.end(), 0.0F);
  for (std::int64_t row = 0; row < kPooled; ++row) {
    const std::int64_t begin = row * in / kPooled;
    const std::int64_t end = ((row + 1) * in + kPooled - 1) / kPooled;
    for (std::int64_t i = begin; i < end; ++i)
      values[to_size(transposed ? i * kPooled + row : row * in + i)] = 1.0F / static_cast<float>(end - begin);
  }
  return std::move(buffer).freeze();
}

/// (batch, 512, side, side) -> (batch, 512, 7, 7). It is linear and goes side by side, so two products with constants
/// are all of it at every size.
std::string adaptive_pool(GraphBuilder& net, const std::string& x) {
  const std::int64_t side = net.shape_of(x)[2].size;
  if (side == kPooled) return x;
  const std::string rows = net.add("MatMul", "avgpool.rows", {net.constant(pooling_matrix(side, false)), x});
  return net.add("MatMul", "avgpool", {rows, net.constant(pooling_matrix(side, true))});
}

}  // namespace

Blueprint vgg(const VggConfig& config) {
  const Depth& depth = depth_of(config);
  GraphBuilder net(fmt::format("vgg{}{}", config.depth, config.batch_norm ? "_bn" : ""));
  std::string x = net.input("input", {"batch", 3, config.size, config.size});

  int position = 0;  // in torchvision's one sequence of layers, whose names are numbers
  const auto next = [&] { return fmt::format("features.{}", position++); };
  for (std::size_t block = 0; block < kWidths.size(); ++block) {
    net.stage(fmt::format("block{}", block + 1));
    for (int i = 0; i < depth.convolutions.at(block); ++i) {
      x = net.conv(x,
                   {.name = next(), .out = kWidths.at(block), .kernel = 3, .padding = Padding::centered, .bias = true});
      if (config.batch_norm) x = net.batch_norm(x, next(), kEpsilon);
      x = net.relu(x, next());
    }
    x = net.add("MaxPool", next(), {x}, {{"kernel_shape", Ints{2, 2}}, {"strides", Ints{2, 2}}});
  }
  net.stage(std::string(kHeadStage));
  x = net.add("Flatten", "flatten", {adaptive_pool(net, x)}, {{"axis", std::int64_t{1}}});
  x = net.relu(net.linear(x, "classifier.0", config.hidden), "classifier.1");
  x = net.relu(net.linear(x, "classifier.3", config.hidden), "classifier.4");
  net.output(net.linear(x, "classifier.6", config.classes), "logits");
  return std::move(net).finish();
}

}  // namespace enxerto
