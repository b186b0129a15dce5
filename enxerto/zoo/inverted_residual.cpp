#include "enxerto/zoo/inverted_residual.h"

#include <fmt/format.h>

namespace enxerto {
namespace {

std::string squeeze_and_excite(GraphBuilder& net, const std::string& x, const std::string& name,
                               const InvertedResidual& block) {
  std::string y = net.add("GlobalAveragePool", name + ".avgpool", {x});
  y = net.conv(y, {.name = name + ".fc1", .out = block.squeezed, .bias = true});
  y = activate(net, y, name + ".activation", block.squeeze_activation);
  y = net.conv(y, {.name = name + ".fc2", .out = block.expanded, .bias = true});
  return net.add("Mul", name, {x, activate(net, y, name + ".scale_activation", block.gate)});
}

}  // namespace

std::string inverted_residual(GraphBuilder& net, const std::string& x, const InvertedResidual& block) {
  const std::int64_t in = net.shape_of(x)[1].size;
  int layer = 0;
  const auto next = [&] { return fmt::format("{}{}", block.scope, layer++); };
  std::string y = x;
  if (block.expanded != in) {
    y = conv_norm(net, y,
                  {.name = next(), .out = block.expanded, .epsilon = block.epsilon, .activation = block.activation});
  }
  if (!block.stage.empty()) net.stage(block.stage);
  y = conv_norm(net, y,
                {.name = next(),
                 .out = block.expanded,
                 .kernel = block.kernel,
                 .stride = block.stride,
                 .dilation = block.dilation,
                 .groups = block.expanded,
                 .epsilon = block.epsilon,
                 .activation = block.activation});
  if (block.squeezed > 0) y = squeeze_and_excite(net, y, next(), block);
  y = conv_norm(net, y, {.name = next(), .out = block.out, .epsilon = block.epsilon, .activation = Activation::none});
  return block.stride == 1 && in == block.out ? net.add("Add", block.scope + "add", {y, x}) : y;
}

}  // namespace enxerto
