#include "enxerto/pretrained/sound_parameters.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "enxerto/base/error.h"
#include "enxerto/graph/builder.h"
#include "tests/graph/small_network.h"

namespace enxerto {
namespace {

constexpr float kInfinite = std::numeric_limits<float>::infinity();

/// A convolution of two channels and its normalisation.
Graph network() {
  GraphBuilder net("net");
  std::string x = net.input("input", {"batch", 1, 2, 2});
  x = net.batch_norm(net.conv(x, {.name = "conv", .out = 2, .kernel = 1}), "bn", 1e-5F);
  net.output(x, "y");
  const Blueprint blueprint = std::move(net).finish();
  return blueprint.fill(ramp_weights(blueprint));
}

std::string refusal(const Graph& graph, const StateDict& file) {
  try {
    require_sound(graph, file, "w.pth");
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::weights);
    return error.text().found;
  }
  return "";
}

Tensor two(float a, float b, Shape shape = {2}) { return Tensor::of<float>(std::move(shape), {a, b}); }

TEST(SoundParameters, AreFinite) {
  Graph graph = network();
  EXPECT_EQ(refusal(graph, graph.parameters), "");
  graph.parameters.set("conv.weight", two(kInfinite, std::nanf(""), {2, 1, 1, 1}));
  EXPECT_EQ(refusal(graph, graph.parameters), "tensor conv.weight holds 2 numbers that are not finite");
  graph = network();
  graph.parameters.set("bn.bias", two(-kInfinite, 0));
  EXPECT_EQ(refusal(graph, graph.parameters), "tensor bn.bias holds a number that is not finite");
}

TEST(SoundParameters, HaveNoVarianceBelowZero) {
  Graph graph = network();
  graph.parameters.set("bn.running_var", two(0, -0.0F));
  EXPECT_EQ(refusal(graph, graph.parameters), "");
  graph.parameters.set("bn.running_var", two(1, -0.5F));
  EXPECT_EQ(refusal(graph, graph.parameters), "tensor bn.running_var holds a variance below 0: -0.5");
  graph = network();
  graph.parameters.set("bn.running_mean", two(1, -0.5F));
  EXPECT_EQ(refusal(graph, graph.parameters), "");
}

TEST(SoundParameters, AreCalledAsInTheirFile) {
  Graph graph = network();
  const Tensor bad = two(1, kInfinite, {2, 1, 1, 1});
  graph.parameters.set("conv.weight", bad);
  const StateDict file{{"conv1/kernel", bad.reshaped({1, 1, 1, 2})}, {"bn/gamma", two(1, 1)}};
  EXPECT_EQ(refusal(graph, file), "tensor conv1/kernel holds a number that is not finite");
}

}  // namespace
}  // namespace enxerto
