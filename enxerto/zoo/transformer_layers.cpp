#include "enxerto/zoo/transformer_layers.h"

#include <array>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/error.h"

namespace enxerto {

std::string activated(GraphBuilder& net, const std::string& x, const std::string& name, BlockActivation activation) {
  switch (activation) {
    case BlockActivation::gelu:
      return net.add("Gelu", name, {x});
    case BlockActivation::gelu_tanh:
      return net.add("Gelu", name, {x}, {{"approximate", std::string("tanh")}});
    case BlockActivation::relu:
      return net.add("Relu", name, {x});
    case BlockActivation::silu:
      return net.add("Mul", name, {x, net.add("Sigmoid", name + ".sigmoid", {x})});
  }
  return x;
}

std::string dense(GraphBuilder& net, const std::string& x, const std::string& name, std::int64_t out, bool bias) {
  if (bias) return net.dense(x, name, out);
  const std::string weight = net.parameter(name + ".weight", {out, net.shape_of(x).back().size}, net.dtype_of(x));
  const std::string turned =
      net.add("Transpose", name + ".transposed", {weight}, {{"perm", std::vector<std::int64_t>{1, 0}}});
  return net.add("MatMul", name, {x, turned});
}

std::string feed_forward(GraphBuilder& net, const std::string& x, const std::string& name, std::int64_t hidden,
                         BlockActivation activation) {
  const std::string middle = activated(net, net.dense(x, name + "fc1", hidden), name + "act", activation);
  return net.dense(middle, name + "fc2", net.shape_of(x).back().size);
}

std::string rms_norm(GraphBuilder& net, const std::string& x, const std::string& name, float epsilon) {
  const std::string square = net.add("Pow", name + ".square", {x, net.constant(Tensor::scalar(2.0F))});
  const std::string mean =
      net.add("ReduceMean", name + ".mean", {square, net.constant(Tensor::of<std::int64_t>({1}, {-1}))});
  const std::string safe = net.add("Add", name + ".safe", {mean, net.constant(Tensor::scalar(epsilon))});
  const std::string scale = net.add("Reciprocal", name + ".scale", {net.add("Sqrt", name + ".root", {safe})});
  const std::string unit = net.add("Mul", name + ".unit", {x, scale});
  return net.add("Mul", name, {unit, net.parameter(name + ".weight", {net.shape_of(x).back().size})});
}

void check(const std::string& network, const TransformerSizes& sizes, std::int64_t head_width) {
  struct Size {
    std::string_view name;
    std::int64_t value, most;
  };
  constexpr std::int64_t kMillion = 1'000'000;
  const std::array<Size, 6> all{Size{"words", sizes.vocabulary, 100 * kMillion},
                                Size{"positions", sizes.positions, 100 * kMillion},
                                Size{"width", sizes.width, kMillion},
                                Size{"blocks", sizes.depth, 10'000},
                                Size{"heads", sizes.heads, sizes.width},
                                Size{"hidden units", sizes.hidden, kMillion}};
  for (const Size& size : all)
    if (size.value < 1 || size.value > size.most)
      throw usage_error(network, fmt::format("{}: {}", size.name, size.value), fmt::format("1 to {}", size.most));
  if (head_width == 0 && sizes.width % sizes.heads != 0)
    throw usage_error(network, fmt::format("{} heads for a width of {}", sizes.heads, sizes.width),
                      "a number of heads that divides the width");
}

}  // namespace enxerto
