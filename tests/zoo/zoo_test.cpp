#include <array>
#include <fstream>
#include <iterator>
#include <set>

#include <gtest/gtest.h>

#include "enxerto/base/error.h"
#include "enxerto/graph/attributes.h"
#include "enxerto/graph/cost.h"
#include "enxerto/graph/cut.h"
#include "enxerto/graph/fold.h"
#include "enxerto/graph/head_stage.h"
#include "enxerto/graph/infer.h"
#include "enxerto/zoo/cifar_resnet.h"
#include "enxerto/zoo/convnext.h"
#include "enxerto/zoo/densenet.h"
#include "enxerto/zoo/efficientnet.h"
#include "enxerto/zoo/efficientnet_lite.h"
#include "enxerto/zoo/inception_v3.h"
#include "enxerto/zoo/keras_resnet.h"
#include "enxerto/zoo/mobilenet_v2.h"
#include "enxerto/zoo/mobilenet_v3.h"
#include "enxerto/zoo/registry.h"
#include "enxerto/zoo/resnet.h"
#include "enxerto/zoo/vgg.h"
#include "tests/zoo/formula.h"

namespace enxerto {
namespace {

/// What timm, torchvision and Keras say: parameters, multiply-adds in millions, width of the pooled features, last
/// map's side; what the head begins with and how many parameters it has. A side of 0: pooled features enter the head,
/// no map.
struct Known {
  std::string_view name;
  std::uint64_t parameters;
  double mega_macs;
  std::int64_t width, side;
  std::string_view head = "GlobalAveragePool";
  std::size_t head_parameters = 2;
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
    Known{"resnet20_cifar", 336824, 40.88, 64, 8},
    Known{"vgg11", 132863336, 7609.1, 512, 7, "Flatten", 6},
    Known{"vgg13", 133047848, 11308.5, 512, 7, "Flatten", 6},
    Known{"vgg16", 138357544, 15470.3, 512, 7, "Flatten", 6},
    Known{"vgg19", 143667240, 19632.1, 512, 7, "Flatten", 6},
    Known{"vgg11_bn", 132868840, 7609.1, 512, 7, "Flatten", 6},
    Known{"vgg13_bn", 133053736, 11308.5, 512, 7, "Flatten", 6},
    Known{"vgg16_bn", 138365992, 15470.3, 512, 7, "Flatten", 6},
    Known{"vgg19_bn", 143678248, 19632.1, 512, 7, "Flatten", 6},
    Known{"mobilenet_v2_035", 1677128, 59.3, 1280, 7},
    Known{"mobilenet_v2_050", 1968680, 97.1, 1280, 7},
    Known{"mobilenet_v2_075", 2636424, 209.1, 1280, 7},
    Known{"mobilenet_v2", 3504872, 300.8, 1280, 7},
    Known{"mobilenet_v2_140", 6108776, 582.2, 1792, 7},
    Known{"densenet121", 7978856, 2834.2, 1024, 7},
    Known{"inception_v3", 23834568, 5713.2, 2048, 8},
    Known{"mobilenet_v3_large", 5483032, 216.6, 960, 7, "GlobalAveragePool", 4},
    Known{"mobilenet_v3_small", 2542856, 56.5, 576, 7, "GlobalAveragePool", 4},
    Known{"efficientnet_b0", 5288548, 385.8, 1280, 7},
    Known{"efficientnet_b1", 7794184, 686.8, 1280, 8},
    Known{"efficientnet_b2", 9109994, 1087.5, 1408, 9},
    Known{"efficientnet_b3", 12233232, 1827.1, 1536, 10},
    Known{"efficientnet_b4", 19341616, 4393.8, 1792, 12},
    Known{"regnet_x_400mf", 5495976, 414, 400, 7},
    Known{"regnet_x_800mf", 7259656, 800, 672, 7},
    Known{"regnet_x_1_6gf", 9190136, 1603, 912, 7},
    Known{"regnet_x_3_2gf", 15296552, 3177, 1008, 7},
    Known{"convnext_tiny", 28589128, 4455.5, 768, 7, "GlobalAveragePool", 4},
    Known{"keras_resnet50", 25583592, 3858.0, 2048, 7},
    Known{"keras_resnet101", 44601832, 7570.2, 2048, 7},
    Known{"keras_resnet152", 60268520, 11282.4, 2048, 7},
    Known{"keras_resnet50v2", 25568360, 3482.3, 2048, 7},
    Known{"keras_resnet101v2", 44577896, 7194.5, 2048, 7},
    Known{"keras_resnet152v2", 60236904, 10906.7, 2048, 7},
    Known{"keras_inception_v3", 23817352, 5713.2, 2048, 8},
    Known{"keras_densenet121", 7978856, 2834.2, 1024, 7},
    Known{"keras_mobilenet_v2_035", 1677128, 59.3, 1280, 7},
    Known{"keras_mobilenet_v2_050", 1968680, 97.1, 1280, 7},
    Known{"keras_mobilenet_v2_075", 2636424, 209.1, 1280, 7},
    Known{"keras_mobilenet_v2", 3504872, 300.8, 1280, 7},
    Known{"keras_mobilenet_v2_130", 5386792, 509.4, 1664, 7},
    Known{"keras_mobilenet_v2_140", 6108776, 582.2, 1792, 7},
    Known{"vit_s16", 22050664, 4598.9, 384, 0, "Gemm"},
    Known{"vit_b16", 86567656, 17563.8, 768, 0, "Gemm"},
    Known{"vit_b32", 88224232, 4409.2, 768, 0, "Gemm"},
    Known{"vit_l16", 304326632, 61554.7, 1024, 0, "Gemm"},
    Known{"dinov2_vits14", 22441192, 46697.1, 384, 0, "Gemm"},
    Known{"dinov2_vitb14", 87348712, 151574.5, 768, 0, "Gemm"},
    Known{"dinov2_vits14_lc", 22825192, 46697.5, 768, 0, "Gemm"},
    Known{"dinov2_vitb14_lc", 88116712, 151575.3, 1536, 0, "Gemm"},
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
  EXPECT_EQ(blueprint.graph.stages().back(), kHeadStage);
  const std::size_t head = stage_begin(blueprint.graph, kHeadStage);
  EXPECT_EQ(blueprint.graph.nodes[head].op, GetParam().head);
  SymbolicShape entering{"batch", GetParam().width};
  if (GetParam().side > 0) entering.insert(entering.end(), 2, GetParam().side);
  EXPECT_EQ(types.at(blueprint.graph.nodes[head].inputs[0]).shape, entering);
}

TEST_P(Zoo, CachesPooledFeaturesWhereOnlyTheHeadIsTrained) {
  const Architecture& row = find_architecture(GetParam().name);
  const Blueprint blueprint = row.build({.size = row.minimum_size, .classes = 2});
  StateDict weights;
  for (const ParameterSpec& spec : blueprint.parameters)
    weights.set(spec.name, TensorBuffer(DType::f32, spec.shape).freeze());
  const Halves halves = cut_at_frontier(blueprint.fill(weights), "head");
  ASSERT_EQ(halves.prefix.outputs.size(), 1U);
  EXPECT_EQ(bytes_per_example({DType::f32, halves.prefix.outputs[0].shape}), 4U * GetParam().width);
  EXPECT_EQ(halves.suffix.parameters.size(), GetParam().head_parameters);
}

TEST_P(Zoo, BuildsAtItsSmallestSizeAndNotBelow) {
  const Architecture& row = find_architecture(GetParam().name);
  const Blueprint smallest = row.build({.size = row.minimum_size, .classes = 7});
  EXPECT_EQ(infer_shapes(smallest).at("logits").shape, (SymbolicShape{"batch", 7}));
  EXPECT_THROW(row.build({.size = row.minimum_size - 1, .classes = 7}), Error);
  EXPECT_THROW(row.build({.size = 0, .classes = 0}), Error);
}

TEST(Architectures, SayWhichSizeIsTheSmallest) {
  try {
    (void)find_architecture("efficientnet_lite0").build({.size = 5});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.text().found, "an input of 5 px, too small for this network");
    EXPECT_EQ(error.text().expected, "32 to 8192 px");
    EXPECT_EQ(error.text().tip, "input.size = 32, the smallest, or 224, its usual size");
  }
}

INSTANTIATE_TEST_SUITE_P(EveryNetwork, Zoo, testing::ValuesIn(kKnown),
                         [](const auto& network) { return std::string(network.param.name); });

TEST(ZooRegistry, IsCoveredByTheTestsAbove) {
  std::set<std::string_view> tested, registered;
  for (const Known& known : kKnown) tested.insert(known.name);
  for (const Architecture& row : architectures())
    if (row.classes_in == nullptr) registered.insert(row.name);  // detectors: tests/zoo/detectors_test.cpp
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

TEST(CifarResNet, IsThatOfThePaper) {
  const Blueprint blueprint = cifar_resnet({.depth = 20, .size = 32, .classes = 10});
  EXPECT_EQ(blueprint.graph.stages(), (std::vector<std::string>{"stem", "layer1", "layer2", "layer3", "head"}));
  EXPECT_EQ(total(cost(blueprint)).parameters, 272474U);
  EXPECT_EQ(infer_shapes(blueprint).at("bn1.relu").shape, (SymbolicShape{"batch", 16, 32, 32}));
  for (const int depth : {2, 18, 21, 116}) EXPECT_THROW(cifar_resnet({.depth = depth}), Error) << depth;
}

TEST(KerasResNet, HasTheStagesAndNamesOfTheOther) {
  const Blueprint blueprint = keras_resnet({.depth = 50, .size = 64, .classes = 10});
  EXPECT_EQ(blueprint.graph.stages(), resnet({.depth = 50, .size = 64, .classes = 10}).graph.stages());
  std::set<std::string> names;
  for (const ParameterSpec& spec : blueprint.parameters) names.insert(spec.name);
  for (const char* name : {"conv1.bias", "layer1.0.downsample.0.bias", "layer4.2.bn3.running_mean", "fc.weight"})
    EXPECT_TRUE(names.contains(name)) << name;
}

TEST(KerasResNet, HalvesTheMapWhereItsVersionDoes) {
  const ValueTypes first = infer_shapes(keras_resnet({.depth = 50, .size = 64, .classes = 10}));
  EXPECT_EQ(first.at("layer2.0.conv1").shape, (SymbolicShape{"batch", 128, 8, 8}));
  const ValueTypes second = infer_shapes(keras_resnet({.depth = 50, .version = 2, .size = 64, .classes = 10}));
  EXPECT_EQ(second.at("layer1.2.conv1").shape, (SymbolicShape{"batch", 64, 16, 16}));
  EXPECT_EQ(second.at("layer1.2.pool").shape, (SymbolicShape{"batch", 256, 8, 8}));
}

TEST(KerasResNet, RefusesWhatThereIsNot) {
  EXPECT_THROW(keras_resnet({.depth = 18}), Error);
  EXPECT_THROW(keras_resnet({.depth = 50, .version = 3}), Error);
  EXPECT_THROW(keras_resnet({.depth = 50, .size = 0}), Error);
}

using Stages = std::vector<std::string>;

TEST(Vgg, IsCutAtItsPoolings) {
  const Blueprint blueprint = vgg({.depth = 11, .size = 64, .classes = 10});
  EXPECT_EQ(blueprint.graph.stages(), (Stages{"block1", "block2", "block3", "block4", "block5", "head"}));
  const ValueTypes types = infer_shapes(blueprint);
  EXPECT_EQ(types.at("features.2").shape, (SymbolicShape{"batch", 64, 32, 32}));
  EXPECT_EQ(types.at("features.20").shape, (SymbolicShape{"batch", 512, 2, 2}));
}

TEST(Vgg, PoolsAnyMapToSevenBySeven) {
  for (const std::int64_t size : {32, 95, 224, 256, 448})
    EXPECT_EQ(infer_shapes(vgg({.depth = 11, .size = size, .classes = 10})).at("flatten").shape,
              (SymbolicShape{"batch", 512 * 7 * 7}));
}

TEST(Vgg, RefusesWhatThereIsNot) {
  EXPECT_THROW(vgg({.depth = 12}), Error);
  EXPECT_THROW(vgg({.depth = 16, .size = 31}), Error);
  EXPECT_THROW(vgg({.depth = 16, .hidden = 0}), Error);
}

TEST(MobileNetV2, ScalesItsWidthsAndNotNarrowFeatures) {
  const ValueTypes types = infer_shapes(mobilenet_v2({.width = 0.35, .size = 64, .classes = 10}));
  EXPECT_EQ(types.at("features.0.2").shape[1], Dim(16));
  EXPECT_EQ(types.at("features.18.2").shape[1], Dim(1280));
  EXPECT_EQ(mobilenet_v2({.size = 64, .classes = 10}).graph.stages(),
            (Stages{"stem", "blocks0", "blocks1", "blocks2", "blocks3", "blocks4", "blocks5", "blocks6", "features",
                    "head"}));
  EXPECT_THROW(mobilenet_v2({.width = 0}), Error);
}

TEST(MobileNetV3, HasAStageForEachWidth) {
  EXPECT_EQ(mobilenet_v3({.small = true, .size = 64, .classes = 10}).graph.stages(),
            (Stages{"stem", "blocks0", "blocks1", "blocks2", "blocks3", "blocks4", "features", "head"}));
  EXPECT_EQ(mobilenet_v3({.size = 64, .classes = 10}).graph.stages().size(), 9U);
  EXPECT_THROW(mobilenet_v3({.size = 0}), Error);
}

TEST(EfficientNet, RefusesAnUnknownVariant) {
  EXPECT_EQ(efficientnet({.variant = 1, .size = 64, .classes = 10}).graph.stages().size(), 10U);
  EXPECT_THROW(efficientnet({.variant = 5}), Error);
}

TEST(DenseNet, AlternatesBlocksAndTransitions) {
  EXPECT_EQ(densenet121({.size = 64, .classes = 10}).graph.stages(),
            (Stages{"stem", "denseblock1", "transition1", "denseblock2", "transition2", "denseblock3", "transition3",
                    "denseblock4", "features", "head"}));
  EXPECT_THROW(densenet121({.size = 31}), Error);
}

TEST(InceptionV3, TurnsTorchvisionsNormalisationIntoItsOwnWhereAsked) {
  const Blueprint plain = inception_v3({.size = 75, .classes = 10});
  const Blueprint asked = inception_v3({.size = 75, .classes = 10, .transform_input = true});
  EXPECT_EQ(plain.graph.stages().size(), 13U);
  EXPECT_EQ(plain.graph.nodes[0].op, "Conv");
  EXPECT_EQ(asked.graph.nodes.size(), plain.graph.nodes.size() + 4);
  EXPECT_EQ(asked.parameters.size(), plain.parameters.size());
  EXPECT_THROW(inception_v3({.size = 74}), Error);
}

TEST(InceptionV3, HasNoScalesInKeras) {
  const Blueprint keras = inception_v3({.size = 75, .classes = 10, .keras = true});
  EXPECT_EQ(keras.graph.stages().size(), 13U);
  std::size_t scales = 0;
  for (const ParameterSpec& spec : keras.parameters) scales += spec.role == Role::norm_scale ? 1 : 0;
  EXPECT_EQ(scales, 0U);
  EXPECT_EQ(keras.parameters.size() + 94, inception_v3({.size = 75, .classes = 10}).parameters.size());
}

TEST(MobileNetV2, PadsBehindThePictureInKeras) {
  const Blueprint keras = mobilenet_v2({.width = 1.3, .size = 65, .classes = 10, .keras = true});
  const ValueTypes types = infer_shapes(keras);
  EXPECT_EQ(types.at("features.0.2").shape, (SymbolicShape{"batch", 40, 33, 33}));
  EXPECT_EQ(attribute<std::string>(keras.graph.nodes[0], "auto_pad", ""), "SAME_UPPER");
}

TEST(ConvNext, HasItsStagesAndTrainsItsDenseLayers) {
  const Blueprint blueprint = convnext_tiny({.size = 64, .classes = 10});
  EXPECT_EQ(blueprint.graph.stages(), (Stages{"stem", "blocks0", "blocks1", "blocks2", "blocks3", "head"}));
  for (const ParameterSpec& spec : blueprint.parameters) EXPECT_TRUE(is_trainable(spec.role)) << spec.name;
  EXPECT_THROW(convnext_tiny({.size = 31}), Error);
}

TEST(Formula, FillsTheSameNumbersAsTheScript) {
  for (const char* name : {"efficientnet_lite0", "resnet18"}) {
    std::ifstream file(std::string(ENXERTO_TEST_DATA "/zoo/") + name + ".json");
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
