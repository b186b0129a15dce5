#include "enxerto/zoo/densenet.h"

#include <array>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/graph/builder.h"
#include "enxerto/graph/head_stage.h"

namespace enxerto {
namespace {

using Ints = std::vector<std::int64_t>;

constexpr float kEpsilon = 1e-5F, kKerasEpsilon = 1.001e-5F;
constexpr std::int64_t kMinimumSize = 32, kStemWidth = 64, kGrowth = 32, kBottleneck = 4 * kGrowth;
constexpr std::array<int, 4> kLayers{6, 12, 24, 16};

class Net : public GraphBuilder {
 public:
  Net(std::string name, float epsilon) : GraphBuilder(std::move(name)), epsilon_(epsilon) {}
  float epsilon() const { return epsilon_; }

 private:
  float epsilon_;
};

std::string norm_relu(Net& net, const std::string& x, const std::string& name) {
  return net.relu(net.batch_norm(x, name, net.epsilon()), name + ".relu");
}

/// What it finds out is added to what is known: (batch, C, h, w) -> (batch, C + 32, h, w).
std::string add_layer(Net& net, const std::string& x, const std::string& scope) {
  std::string y = norm_relu(net, x, scope + "norm1");
  y = net.conv(y, {.name = scope + "conv1", .out = kBottleneck});
  y = norm_relu(net, y, scope + "norm2");
  y = net.conv(y, {.name = scope + "conv2", .out = kGrowth, .kernel = 3, .padding = Padding::centered});
  return net.add("Concat", scope + "concat", {x, y}, {{"axis", std::int64_t{1}}});
}

/// Halves width and side.
std::string add_transition(Net& net, const std::string& x, const std::string& scope) {
  std::string y = norm_relu(net, x, scope + "norm");
  y = net.conv(y, {.name = scope + "conv", .out = net.shape_of(x)[1].size / 2});
  return net.add("AveragePool", scope + "pool", {y}, {{"kernel_shape", Ints{2, 2}}, {"strides", Ints{2, 2}}});
}

void check(const DenseNetConfig& config) {
  if (config.size >= kMinimumSize && config.classes > 0) return;
  throw usage_error("densenet121", fmt::format("{} px, {} classes", config.size, config.classes),
                    fmt::format("at least {} px and one class", kMinimumSize));
}

}  // namespace

Blueprint densenet121(const DenseNetConfig& config) {
  check(config);
  Net net(config.keras ? "keras_densenet121" : "densenet121", config.keras ? kKerasEpsilon : kEpsilon);
  std::string x = net.input("input", {"batch", 3, config.size, config.size});

  net.stage("stem");
  x = net.conv(x,
               {.name = "features.conv0", .out = kStemWidth, .kernel = 7, .stride = 2, .padding = Padding::centered});
  x = net.max_pool(norm_relu(net, x, "features.norm0"), "features.pool0", 3, 2);
  for (std::size_t block = 0; block < kLayers.size(); ++block) {
    net.stage(fmt::format("denseblock{}", block + 1));
    for (int i = 0; i < kLayers.at(block); ++i)
      x = add_layer(net, x, fmt::format("features.denseblock{}.denselayer{}.", block + 1, i + 1));
    if (block + 1 == kLayers.size()) break;
    net.stage(fmt::format("transition{}", block + 1));
    x = add_transition(net, x, fmt::format("features.transition{}.", block + 1));
  }
  net.stage("features");
  x = norm_relu(net, x, "features.norm5");

  net.stage(std::string(kHeadStage));
  x = net.linear(net.global_average_pool(x, "avgpool"), "classifier", config.classes);
  net.output(x, "logits");
  return std::move(net).finish();
}

}  // namespace enxerto
