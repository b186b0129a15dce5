#include "enxerto/zoo/conv_norm.h"

namespace enxerto {

std::string activate(GraphBuilder& net, const std::string& x, const std::string& name, Activation activation) {
  switch (activation) {
    case Activation::none:
      return x;
    case Activation::relu:
      return net.relu(x, name);
    case Activation::relu6:
      return net.relu6(x, name);
    case Activation::silu:
      return net.add("Mul", name, {x, net.add("Sigmoid", name + ".sigmoid", {x})});
    case Activation::hard_swish:
      return net.add("HardSwish", name, {x});
    case Activation::sigmoid:
      return net.add("Sigmoid", name, {x});
    case Activation::hard_sigmoid:
      return net.add("HardSigmoid", name, {x}, {{"alpha", 1.0F / 6}, {"beta", 0.5F}});
  }
  return x;
}

std::string conv_norm(GraphBuilder& net, const std::string& x, const ConvNorm& layer) {
  const std::string y = net.conv(x, {.name = layer.name + ".0",
                                     .out = layer.out,
                                     .kernel = layer.kernel,
                                     .stride = layer.stride,
                                     .dilation = layer.dilation,
                                     .groups = layer.groups,
                                     .padding = layer.padding});
  return activate(net, net.batch_norm(y, layer.name + ".1", layer.epsilon), layer.name + ".2", layer.activation);
}

}  // namespace enxerto
