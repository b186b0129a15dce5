#include "enxerto/pretrained/onnx/input_arithmetic.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace enxerto {
namespace {

struct Step {
  std::string op;
  std::vector<float> numbers;  // one, or one a channel
};

/// A network that does `steps` to its input and convolves then.
Graph network(const std::vector<Step>& steps) {
  Graph graph{"g", {{"input", DType::f32, {"batch", 3, 8, 8}}}, {{"y", DType::f32, {"batch", 2, 8, 8}}}, {}, {}};
  std::string x = "input";
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const std::string number = "number" + std::to_string(i), next = "x" + std::to_string(i);
    const auto count = static_cast<std::int64_t>(steps[i].numbers.size());
    const Shape shape = count == 1 ? Shape{} : Shape{1, count, 1, 1};
    graph.parameters.set(number, Tensor::of<float>(shape, std::span<const float>(steps[i].numbers)));
    graph.nodes.push_back({next, steps[i].op, "", {x, number}, {next}, {}});
    x = next;
  }
  graph.parameters.set("w", Tensor::of<float>({2, 3, 1, 1}, {1, 2, 3, 4, 5, 6}));
  graph.nodes.push_back({"y", "Conv", "", {x, "w"}, {"y"}, {}});
  return graph;
}

const std::vector<float> kMean{0.485F, 0.456F, 0.406F}, kDeviation{0.229F, 0.224F, 0.225F};

struct Case {
  std::vector<Step> steps;
  float range;  // of the pixels that it is made for
  std::string text;
};

TEST(InputArithmetic, TellsWhichPixelsTheNetworkTakes) {
  const Case cases[] = {
      {{{"Div", {255}}, {"Sub", kMean}, {"Div", kDeviation}}, 255, "(x - 123.7) / 58.39"},
      {{{"Sub", kMean}, {"Div", kDeviation}}, 1, "(x - 0.485) / 0.229"},
      {{{"Mul", {1 / 127.5F}}, {"Add", {-1}}}, 255, "(x - 127.5) / 127.5"},
      {{{"Mul", {2}}, {"Sub", {1}}}, 1, "(x - 0.5) / 0.5"},
      {{{"Mul", {1 / 255.0F}}}, 255, "x / 255"},
      {{{"Sub", {103.939F, 116.779F, 123.68F}}}, 255, "x - 103.9"},
      {{{"Mul", {255}}, {"Sub", {103.939F, 116.779F, 123.68F}}}, 1, "(x - 0.4076) / 0.003922"},
      {{{"Sub", {0.5F}}}, 1, "x - 0.5"},
  };
  for (const Case& one : cases) {
    const auto found = input_arithmetic(network(one.steps));
    ASSERT_TRUE(found.has_value()) << one.text;
    EXPECT_EQ(pixel_range(*found), one.range) << one.text;
    EXPECT_EQ(to_string(*found), one.text);
  }
}

TEST(InputArithmetic, LeavesOpenWhatIsNoNormalisationOfPixels) {
  // InceptionV3 of torchvision takes pictures that are normalised already and changes them to its own.
  const auto found = input_arithmetic(network({{"Mul", {0.458F, 0.448F, 0.45F}}, {"Add", {-0.03F, -0.088F, -0.188F}}}));
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(pixel_range(*found), 0);
}

TEST(InputArithmetic, IsNoneWhereTheNetworkBeginsOtherwise) {
  EXPECT_FALSE(input_arithmetic(network({})).has_value());
  EXPECT_FALSE(input_arithmetic(network({{"Pow", {2}}, {"Sub", {1}}})).has_value());
}

TEST(InputArithmetic, IsSeenBehindATurnOfTheInput) {
  Graph graph = network({{"Sub", kMean}, {"Div", kDeviation}});
  graph.nodes.insert(graph.nodes.begin(), {"turn", "Identity", "", {"input"}, {"turned"}, {}});
  graph.nodes[1].inputs[0] = "turned";
  EXPECT_TRUE(input_arithmetic(graph).has_value());
}

TEST(InputArithmetic, IsNoneWhereTheInputGoesToOthersAsWell) {
  Graph graph = network({{"Sub", kMean}});
  graph.nodes.push_back({"z", "Relu", "", {"input"}, {"z"}, {}});
  EXPECT_FALSE(input_arithmetic(graph).has_value());
}

}  // namespace
}  // namespace enxerto
