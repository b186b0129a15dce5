#include "enxerto/graph/blueprint.h"

#include <gtest/gtest.h>

#include "enxerto/base/error.h"
#include "tests/graph/small_network.h"

namespace enxerto {
namespace {

TEST(Blueprint, FillsEveryParameterWithoutACopy) {
  const Blueprint blueprint = small_blueprint();
  const StateDict weights = ramp_weights(blueprint);
  const Graph graph = blueprint.fill(weights);
  ASSERT_EQ(graph.parameters.size(), blueprint.parameters.size());
  for (const auto& [name, tensor] : graph.parameters) EXPECT_EQ(tensor.data(), weights.at(name).data()) << name;
}

TEST(Blueprint, ReportsMissingUnexpectedAndMismatchedTogether) {
  const Blueprint blueprint = small_blueprint();
  StateDict weights = ramp_weights(blueprint);
  weights.erase("conv1.weight");
  weights.set("conv9.weight", Tensor::scalar(1.0F));
  weights.set("fc.bias", Tensor::of<float>({2}, {1, 2}));
  const LoadReport report = blueprint.compare(weights);
  EXPECT_EQ(report.missing, std::vector<std::string>{"conv1.weight"});
  EXPECT_EQ(report.unexpected, std::vector<std::string>{"conv9.weight"});
  EXPECT_EQ(report.mismatched, std::vector<std::string>{"fc.bias: found float32 (2), expected float32 (5)"});
  try {
    blueprint.fill(weights, "file.pth");
    FAIL() << "filled";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::weights);
    EXPECT_EQ(error.text().where, "file.pth");
    for (const char* part : {"1 missing: conv1.weight", "1 unexpected: conv9.weight", "1 mismatched: fc.bias"}) {
      EXPECT_NE(error.text().found.find(part), std::string::npos) << part;
    }
  }
}

TEST(Blueprint, NamesTenOfManyAndCountsAll) {
  const Blueprint blueprint = small_blueprint();
  const std::string text = blueprint.compare(StateDict()).summary();
  EXPECT_EQ(text.find("12 missing: conv1.weight, bn1.weight"), 0U) << text;
  EXPECT_TRUE(text.ends_with(", ..")) << text;
}

TEST(Blueprint, TurnsHalfPrecisionIntoFloat32) {
  const Blueprint blueprint = small_blueprint();
  StateDict weights = ramp_weights(blueprint);
  const Half one = to_half(1.0F);
  weights.set("fc.bias", Tensor::of<Half>({5}, {one, one, one, one, one}));
  const Graph graph = blueprint.fill(weights);
  EXPECT_EQ(graph.parameters.at("fc.bias").as<float>()[4], 1.0F);
}

TEST(Blueprint, RefusesIntegersForWeights) {
  const Blueprint blueprint = small_blueprint();
  StateDict weights = ramp_weights(blueprint);
  weights.set("fc.bias", Tensor::of<std::int64_t>({5}, {1, 2, 3, 4, 5}));
  EXPECT_EQ(blueprint.compare(weights).mismatched.size(), 1U);
}

TEST(Role, IsKnownFromTheSlot) {
  const auto found = roles(small_network());
  EXPECT_EQ(found.at("conv1.weight"), Role::weight);
  EXPECT_EQ(found.at("bn1.weight"), Role::norm_scale);
  EXPECT_EQ(found.at("bn1.bias"), Role::norm_shift);
  EXPECT_EQ(found.at("bn2.running_mean"), Role::running_mean);
  EXPECT_EQ(found.at("bn2.running_var"), Role::running_variance);
  EXPECT_EQ(found.at("fc.bias"), Role::bias);
  for (const ParameterSpec& spec : small_blueprint().parameters) EXPECT_EQ(spec.role, found.at(spec.name)) << spec.name;
}

TEST(Role, OfATransposedParameterIsAWeight) {
  GraphBuilder net("dense");
  const std::string x = net.input("input", {"batch", 3, 4});
  const std::string weight = net.add("Transpose", "turned", {net.parameter("fc.weight", {5, 4})});
  net.output(net.add("MatMul", "product", {x, weight}), "y");
  EXPECT_EQ(std::move(net).finish().parameters.at(0).role, Role::weight);
}

TEST(GraphBuilder, MakesConvolutionsThatAreNotSquare) {
  GraphBuilder net("wide");
  const std::string x = net.input("input", {"batch", 3, 9, 8});
  net.output(net.conv(x, {.name = "c", .out = 2, .kernel = 1, .kernel_width = 7, .padding = Padding::centered}), "y");
  const Blueprint blueprint = std::move(net).finish();
  EXPECT_EQ(blueprint.parameters.at(0).shape, (Shape{2, 3, 1, 7}));
  EXPECT_EQ(blueprint.graph.outputs.at(0).shape, (SymbolicShape{"batch", 2, 9, 8}));
}

TEST(Role, OfRunningStatisticsIsNotTrainable) {
  EXPECT_TRUE(is_trainable(Role::norm_scale));
  EXPECT_FALSE(is_trainable(Role::running_mean));
  EXPECT_EQ(name_of(Role::running_variance), "running variance");
}

TEST(GraphBuilder, RefusesGroupsThatDoNotDivide) {
  GraphBuilder net("bad");
  const std::string x = net.input("input", {"batch", 3, 8, 8});
  EXPECT_THROW(net.conv(x, {.name = "c", .out = 4, .groups = 2}), Error);
  EXPECT_THROW(net.relu("nothing", "r"), Error);
}

TEST(GraphBuilder, MakesAConstantOnceAStage) {
  std::size_t constants = 0;
  for (const Node& node : small_blueprint().graph.nodes) constants += node.op == "Constant" ? 1 : 0;
  EXPECT_EQ(constants, 4U);
}

}  // namespace
}  // namespace enxerto
