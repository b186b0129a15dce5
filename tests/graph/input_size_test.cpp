#include "enxerto/graph/input_size.h"

#include <gtest/gtest.h>

#include "enxerto/base/error.h"
#include "enxerto/graph/builder.h"

namespace enxerto {
namespace {

Graph network(bool pooled) {
  GraphBuilder builder("net");
  std::string x = builder.input("input", {"batch", 3, 8, 8});
  builder.stage("stem");
  x = builder.conv(x, {.name = "conv", .out = 4, .kernel = 3, .padding = Padding::centered});
  builder.stage("head");
  x = pooled ? builder.global_average_pool(x, "pool") : builder.add("Flatten", "flatten", {x});
  x = builder.linear(x, "fc", 2);
  builder.output(x, "logits");
  Blueprint blueprint = std::move(builder).finish();
  StateDict zeros;
  for (const ParameterSpec& spec : blueprint.parameters) {
    const std::vector<float> values(element_count(spec.shape));
    zeros.set(spec.name, Tensor::of(spec.shape, std::span<const float>(values)));
  }
  return blueprint.fill(zeros, "zeros");
}

TEST(InputSize, ChangesOfAPooledNetworkOnlyWhatComesIn) {
  const Graph larger = with_input_size(network(true), 16);
  EXPECT_EQ(to_string(larger.inputs.front().shape), "(batch, 3, 16, 16)");
  EXPECT_EQ(to_string(larger.outputs.front().shape), "(batch, 2)");
}

TEST(InputSize, ThatIsTooSmallIsRefusedWithTheSmallestThatFits) {
  GraphBuilder builder("net");
  std::string x = builder.input("input", {"batch", 3, 32, 32});
  builder.stage("stem");
  x = builder.conv(x, {.name = "conv", .out = 1, .kernel = 7});
  builder.stage("head");
  builder.output(builder.global_average_pool(x, "pool"), "pooled");
  const std::vector<float> zeros(std::size_t{3} * 7 * 7);
  Blueprint blueprint = std::move(builder).finish();
  StateDict weights;
  weights.set("conv.weight", Tensor::of({1, 3, 7, 7}, std::span<const float>(zeros)));
  try {
    with_input_size(blueprint.fill(weights, "zeros"), 5);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.text().found, "an input of 5 px, too small for this network");
    EXPECT_EQ(error.text().expected, "at least 7 px; it was saved with 32");
  }
}

TEST(InputSize, OfANetworkWithAFlattenedMapIsWhatItWas) {
  EXPECT_EQ(with_input_size(network(false), 8).inputs.front().shape[2], Dim(8));
  try {
    with_input_size(network(false), 16);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_NE(std::string(error.what()).find("16 px"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace enxerto
