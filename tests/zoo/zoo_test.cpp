#include <array>
#include <fstream>
#include <iterator>
#include <set>

#include <gtest/gtest.h>

#include "enxerto/base/error.h"
#include "enxerto/graph/cost.h"
#include "enxerto/graph/cut.h"
#include "enxerto/graph/fold.h"
#include "enxerto/graph/infer.h"
#include "enxerto/zoo/efficientnet_lite.h"
#include "enxerto/zoo/registry.h"
#include "enxerto/zoo/resnet.h"
#include "tests/zoo/formula.h"

namespace enxerto {
namespace {

/// What timm and torchvision say: parameters, multiply-adds in millions, width of the pooled features, last map's side.
struct Known {
  std::string_view name;
  std::uint64_t parameters;
  double mega_macs;
  std::int64_t width, side;
};
constexpr std::array kKnown{
    Known{"efficientnet_lite0", 4652008, 385, 1280, 7},
    Known{"efficientnet_lite1", 5416680, 601, 1280, 8},
    Known{"efficientnet_lite2", 6092072, 862, 1280, 9},
    Known{"efficientnet_lite3", 8197096, 1387, 1280, 9},
    Known{"efficientnet_lite4", 13006568, 2552, 1280, 10},
    Known{"resnet18", 11689512, 1814, 512, 7},
    Known{"resnet34", 21797672, 3664, 512, 7},
    Known{"resnet50", 25557032, 4089, 2048, 7},
    Known{"resnet101", 44549160, 7801, 2048, 7},
    Known{"resnet152", 60192808, 11514, 2048, 7},
};

class Zoo : public testing::TestWithParam<Known> {};

TEST_P(Zoo, HasTheSizeOfItsReference) {
  const StageCost sum = total(cost(find_architecture(GetParam().name).build()));
  EXPECT_EQ(sum.parameters, GetParam().parameters);
  EXPECT_NEAR(static_cast<double>(sum.flops) / 2e6, GetParam().mega_macs, 0.005 * GetParam().mega_macs);
}

TEST_P(Zoo, TakesPicturesAndGivesLogits) {
  const Architecture& row = find_architecture(GetParam().name);
  const Blueprint blueprint = row.build();
  const ValueTypes types = infer_shapes(blueprint);
  EXPECT_EQ(blueprint.graph.name, row.name);
  EXPECT_EQ(types.at("input").shape, (SymbolicShape{"batch", 3, row.default_size, row.default_size}));
  EXPECT_EQ(types.at("logits").shape, (SymbolicShape{"batch", 1000}));
  EXPECT_EQ(blueprint.graph.outputs.at(0).shape, types.at("logits").shape);
  const std::size_t head = stage_begin(blueprint.graph, "head");
  EXPECT_EQ(blueprint.graph.nodes[head].op, "GlobalAveragePool");
  EXPECT_EQ(types.at(blueprint.graph.nodes[head].inputs[0]).shape,
            (SymbolicShape{"batch", GetParam().width, GetParam().side, GetParam().side}));
}

TEST_P(Zoo, CachesPooledFeaturesWhereOnlyTheHeadIsTrained) {
  const Blueprint blueprint = find_architecture(GetParam().name).build({.size = 32, .classes = 2});
  StateDict weights;
  for (const ParameterSpec& spec : blueprint.parameters)
    weights.set(spec.name, TensorBuffer(DType::f32, spec.shape).freeze());
  const Halves halves = cut_at_frontier(blueprint.fill(weights), "head");
  ASSERT_EQ(halves.prefix.outputs.size(), 1U);
  EXPECT_EQ(halves.prefix.outputs[0].shape, (SymbolicShape{"batch", GetParam().width}));
  EXPECT_EQ(halves.suffix.parameters.size(), 2U);
}

TEST_P(Zoo, BuildsAtItsSmallestSizeAndNotBelow) {
  const Architecture& row = find_architecture(GetParam().name);
  const Blueprint smallest = row.build({.size = row.minimum_size, .classes = 7});
  EXPECT_EQ(infer_shapes(smallest).at("logits").shape, (SymbolicShape{"batch", 7}));
  EXPECT_THROW(row.build({.size = row.minimum_size - 1, .classes = 7}), Error);
  EXPECT_THROW(row.build({.size = 0, .classes = 0}), Error);
}

INSTANTIATE_TEST_SUITE_P(EveryNetwork, Zoo, testing::ValuesIn(kKnown),
                         [](const auto& network) { return std::string(network.param.name); });

TEST(ZooRegistry, IsCoveredByTheTestsAbove) {
  std::set<std::string_view> tested, registered;
  for (const Known& known : kKnown) tested.insert(known.name);
  for (const Architecture& row : architectures()) registered.insert(row.name);
  EXPECT_EQ(tested, registered);
}

TEST(ZooRegistry, TellsTheNearestName) {
  try {
    find_architecture("resnet5O");
    FAIL() << "found";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_NE(error.text().found.find("resnet50"), std::string::npos) << error.what();
  }
}

TEST(EfficientNetLite, HasItsStagesAndTimmsNames) {
  const Blueprint blueprint = efficientnet_lite({.variant = 0, .size = 96, .classes = 10});
  EXPECT_EQ(blueprint.graph.stages(), (std::vector<std::string>{"stem", "blocks0", "blocks1", "blocks2", "blocks3",
                                                                "blocks4", "blocks5", "blocks6", "features", "head"}));
  std::set<std::string> names;
  for (const ParameterSpec& spec : blueprint.parameters) names.insert(spec.name);
  for (const char* name :
       {"conv_stem.weight", "bn1.running_var", "blocks.0.0.conv_dw.weight", "blocks.0.0.conv_pw.weight",
        "blocks.1.0.conv_pwl.weight", "blocks.6.0.bn3.bias", "conv_head.weight", "bn2.weight", "classifier.bias"}) {
    EXPECT_TRUE(names.contains(name)) << name;
  }
}

TEST(EfficientNetLite, RefusesAnUnknownVariant) {
  EXPECT_THROW(efficientnet_lite({.variant = 5, .size = 224, .classes = 10}), Error);
}

TEST(ResNet, HasItsStagesAndTorchvisionsNames) {
  const Blueprint blueprint = resnet({.depth = 50, .size = 96, .classes = 10});
  EXPECT_EQ(blueprint.graph.stages(),
            (std::vector<std::string>{"stem", "layer1", "layer2", "layer3", "layer4", "head"}));
  std::set<std::string> names;
  for (const ParameterSpec& spec : blueprint.parameters) names.insert(spec.name);
  for (const char* name : {"conv1.weight", "layer1.0.downsample.0.weight", "layer4.2.bn3.running_mean", "fc.weight"}) {
    EXPECT_TRUE(names.contains(name)) << name;
  }
}

TEST(ResNet, RefusesAnUnknownDepth) { EXPECT_THROW(resnet({.depth = 20, .size = 224, .classes = 10}), Error); }

TEST(Formula, FillsTheSameNumbersAsTheScript) {
  for (const char* name : {"efficientnet_lite0", "resnet18"}) {
    std::ifstream file(std::string(ENXERTO_TEST_DATA) + "/zoo/" + name + ".json");
    const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    ASSERT_FALSE(text.empty()) << name;
    const StateDict weights = formula::weights(find_architecture(name).build({.size = 64, .classes = 10}));
    EXPECT_NE(text.find("\"tensors\": " + std::to_string(weights.size())), std::string::npos) << name;
    std::size_t probed = 0;
    for (const auto& [parameter, tensor] : weights) {
      std::size_t at = text.find("\"" + parameter + "\": [");
      if (at == std::string::npos) continue;
      ++probed;
      at = text.find('[', at) + 1;
      for (std::size_t i = 0; i < 4; ++i) {
        std::size_t used = 0;
        EXPECT_EQ(std::stod(text.substr(at, 64), &used), static_cast<double>(tensor.as<float>()[i])) << parameter;
        at = text.find_first_of(",]", at) + 1;
      }
    }
    EXPECT_EQ(probed, 2U);
  }
}

}  // namespace
}  // namespace enxerto
