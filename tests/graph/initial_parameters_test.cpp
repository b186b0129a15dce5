#include "enxerto/graph/initial_parameters.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "enxerto/base/error.h"
#include "enxerto/graph/builder.h"

namespace enxerto {
namespace {

/// Of each kind of parameter one; a second convolution where asked.
Blueprint network(bool deeper = false, DType dtype = DType::f32) {
  GraphBuilder net("network");
  std::string x = net.input("input", {"batch", 16, 8, 8}, dtype);
  net.stage("stem");
  x = net.conv(x, {.name = "wide", .out = 64, .kernel = 3, .padding = Padding::centered, .bias = true});
  if (deeper) x = net.conv(x, {.name = "extra", .out = 64});
  x = net.conv(x, {.name = "grouped", .out = 64, .kernel = 3, .groups = 64, .padding = Padding::centered});
  x = net.relu(net.batch_norm(x, "norm", 1e-5F), "relu");
  x = net.add("Mul", "scaled", {x, net.parameter("scale", {64, 1, 1}, dtype)});
  net.stage("head");
  x = net.linear(net.global_average_pool(x, "pool"), "dense", 300);
  x = net.add("MatMul", "product", {x, net.parameter("matrix", {300, 75}, dtype)});
  const std::string table = net.parameter("table", {40, 75}, dtype);
  const std::string row = net.add("Gather", "row", {table, net.constant(Tensor::scalar<std::int64_t>(3))});
  net.output(net.add("Add", "sum", {x, row}), "logits");
  return std::move(net).finish();
}

struct Moments {
  double mean = 0, deviation = 0, largest = 0;
};

Moments moments(const Tensor& tensor) {
  Moments found;
  const auto values = tensor.as<float>();
  for (const float value : values) found.mean += static_cast<double>(value);
  found.mean /= static_cast<double>(values.size());
  for (const float value : values) {
    found.deviation += std::pow(static_cast<double>(value) - found.mean, 2);
    found.largest = std::max(found.largest, static_cast<double>(std::abs(value)));
  }
  found.deviation = std::sqrt(found.deviation / static_cast<double>(values.size()));
  return found;
}

void expect_normal(const Tensor& tensor, double deviation) {
  const Moments found = moments(tensor);
  const double error = deviation / std::sqrt(static_cast<double>(tensor.size()));
  EXPECT_NEAR(found.mean, 0, 4 * error);
  EXPECT_NEAR(found.deviation, deviation, 4 * error);
  EXPECT_GT(found.largest, 2 * deviation);
}

void expect_uniform(const Tensor& tensor, double limit) {
  const Moments found = moments(tensor);
  const double error = limit / std::sqrt(static_cast<double>(tensor.size()));
  EXPECT_NEAR(found.mean, 0, 4 * error);
  EXPECT_NEAR(found.deviation, limit / std::sqrt(3.0), 4 * error);
  EXPECT_LE(found.largest, limit);
}

void expect_all(const Tensor& tensor, float value) {
  for (const float found : tensor.as<float>()) EXPECT_EQ(found, value);
}

TEST(InitialParameters, HaveTheVarianceOfTheirScheme) {
  const StateDict he = initial_parameters(network());
  expect_normal(he.at("wide.weight"), std::sqrt(2.0 / (64 * 9)));
  expect_normal(he.at("grouped.weight"), std::sqrt(2.0 / 9));
  expect_uniform(he.at("dense.weight"), 1 / std::sqrt(64.0));
  expect_uniform(he.at("matrix"), 1 / std::sqrt(300.0));
  const StateDict glorot = initial_parameters(network(), {.scheme = "glorot"});
  expect_uniform(glorot.at("wide.weight"), std::sqrt(6.0 / (16 * 9 + 64 * 9)));
  expect_uniform(glorot.at("dense.weight"), std::sqrt(6.0 / (64 + 300)));
}

TEST(InitialParameters, LeaveNormsScalesAndBiasesWithoutEffect) {
  for (const char* scheme : {"he", "glorot"}) {
    const StateDict weights = initial_parameters(network(), {.scheme = scheme});
    for (const char* name : {"wide.bias", "norm.bias", "norm.running_mean", "dense.bias"})
      expect_all(weights.at(name), 0);
    for (const char* name : {"norm.weight", "norm.running_var", "scale"}) expect_all(weights.at(name), 1);
  }
}

TEST(InitialParameters, TruncateEmbeddings) {
  const Moments found = moments(initial_parameters(network()).at("table"));
  EXPECT_LE(found.largest, 0.04);
  EXPECT_NEAR(found.deviation, 0.02 * 0.8796, 0.001);
}

TEST(InitialParameters, DependOnSeedAndNameAlone) {
  const StateDict weights = initial_parameters(network(), {.seed = 3}),
                  deeper = initial_parameters(network(true), {.seed = 3});
  for (const auto& [name, tensor] : weights) EXPECT_TRUE(identical(tensor, deeper.at(name))) << name;
  const StateDict others = initial_parameters(network(), {.seed = 4});
  EXPECT_FALSE(identical(weights.at("wide.weight"), others.at("wide.weight")));
}

TEST(InitialParameters, AreTheNumbersThatTheyWere) {
  const Tensor wide = initial_parameters(network()).at("wide.weight");
  const auto values = wide.as<float>();
  EXPECT_FLOAT_EQ(values[0], 0.0058596502F);
  EXPECT_FLOAT_EQ(values[1], 0.066979192F);
}

TEST(InitialParameters, FollowTheElementType) {
  const StateDict single = initial_parameters(network()), twice = initial_parameters(network(false, DType::f64));
  const auto wide = twice.at("wide.weight").as<double>();
  EXPECT_EQ(static_cast<float>(wide[5]), single.at("wide.weight").as<float>()[5]);
}

TEST(InitialParameters, RefuseWhatIsNotTrained) {
  EXPECT_THROW(initial_parameters(network(), {.scheme = "hee"}), Error);
  Blueprint integers = network();
  integers.parameters.front().dtype = DType::i64;
  EXPECT_THROW(initial_parameters(integers), Error);
  Blueprint constant = network();
  constant.parameters.front().role = Role::constant;
  EXPECT_THROW(initial_parameters(constant), Error);
}

TEST(InitialParameters, BeginAsTheBlueprintSays) {
  GraphBuilder net("network");
  const std::string x = net.input("input", {"batch", 16, 8, 8});
  net.stage("head");
  const std::string y = net.conv(x, {.name = "layer", .out = 64, .kernel = 3, .bias = true});
  net.start("layer.weight", {.deviation = 0.01}).start("layer.bias", {.mean = -4.5});
  net.output(y, "logits");
  const StateDict parameters = initial_parameters(std::move(net).finish());
  EXPECT_NEAR(moments(parameters.at("layer.weight")).deviation, 0.01, 5e-4);
  for (const float value : parameters.at("layer.bias").as<float>()) EXPECT_EQ(value, -4.5F);
}

TEST(GraphBuilder, SharesAParameterThatIsThereAndRefusesAnotherShape) {
  GraphBuilder net("network");
  const std::string x = net.input("input", {"batch", 4, 8, 8});
  net.stage("head");
  const ConvSpec layer{
      .name = "a", .shared = "layer", .out = 4, .kernel = 3, .padding = Padding::centered, .bias = true};
  ConvSpec again = layer;
  again.name = "b";
  net.output(net.conv(net.conv(x, layer), again), "logits");
  EXPECT_THROW(net.parameter("layer.weight", {1}), Error);
  EXPECT_THROW(net.start("other", {}), Error);
  const Blueprint blueprint = std::move(net).finish();
  EXPECT_EQ(blueprint.parameters.size(), 2U);
}

}  // namespace
}  // namespace enxerto
