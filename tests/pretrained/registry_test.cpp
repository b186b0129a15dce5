#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "enxerto/base/error.h"
#include "enxerto/pretrained/name_table.h"
#include "enxerto/pretrained/spec.h"
#include "enxerto/zoo/registry.h"
#include "tests/media/image_record.h"
#include "tests/pretrained/temporary_directory.h"

namespace enxerto {
namespace {

using testing::image_of;

TEST(PretrainedModels, AreNetworksOfTheZooAtSizesTheyCanTake) {
  for (const PretrainedSpec& spec : pretrained_models()) {
    const Architecture& architecture = find_architecture(spec.architecture);
    EXPECT_GE(image_of(spec.preprocessor).size, architecture.minimum_size) << spec.file;
  }
}

TEST(PretrainedModels, AFolderWithoutANetworkIsNotASlipOfAName) {
  const testing::TemporaryDirectory folder;
  try {
    (void)pretrained_named(folder.path().string());
    ADD_FAILURE() << "an empty folder";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::weights);
    EXPECT_EQ(error.text().found, "it contains no known network");
  }
}

TEST(PretrainedModels, SayEverythingThatIsNeededToUseThem) {
  std::set<std::string> tables;
  for (const NameTable& table : name_tables()) tables.emplace(table.name);
  for (const PretrainedSpec& spec : pretrained_models()) {
    EXPECT_TRUE(tables.contains(spec.naming)) << spec.file;
    // COCO, with or without background, and VOC
    const bool places = find_architecture(spec.architecture).classes_in != nullptr;
    const std::set<int> known = places ? std::set{90, 91, 21} : std::set{1000, 0};
    EXPECT_TRUE(known.contains(spec.outputs)) << spec.file;
    EXPECT_EQ(spec.labels.size(), static_cast<std::size_t>(spec.outputs)) << spec.file;
    EXPECT_FALSE(spec.licence.empty()) << spec.file;
    EXPECT_TRUE(spec.address.starts_with("https://")) << spec.file;
    EXPECT_TRUE(spec.sha256.size() >= 8U || spec.sha256.empty()) << spec.file;
    EXPECT_TRUE(spec.md5.size() == 32U || spec.md5.empty()) << spec.file;
    EXPECT_EQ((spec.sha256 + spec.md5).find_first_not_of("0123456789abcdef"), std::string::npos) << spec.file;
  }
}

TEST(PretrainedModels, CarryTheStartOfTheirDigestInTheFileNamesOfPyTorch) {
  for (const PretrainedSpec& spec : pretrained_models()) {
    if (spec.file.ends_with(".pth")) {
      EXPECT_NE(spec.file.find(spec.sha256.substr(0, 8)), std::string::npos) << spec.file;
    }
  }
}

TEST(PretrainedModels, HaveNoSourceTwiceUnderOneName) {
  std::set<std::pair<std::string, std::string>> seen;
  for (const PretrainedSpec& spec : pretrained_models())
    EXPECT_TRUE(seen.emplace(spec.name, spec.source).second) << spec.name << " " << spec.source;
}

TEST(PretrainedModels, FollowTheNumbersOfTheirSource) {
  const PretrainedSpec tensorflow = pretrained_named("efficientnet_lite0").front();
  EXPECT_EQ(tensorflow.source, "tensorflow");
  EXPECT_FLOAT_EQ(image_of(tensorflow.preprocessor).mean[0] * 255, 127);
  EXPECT_FLOAT_EQ(image_of(tensorflow.preprocessor).deviation[0] * 255, 128);
  EXPECT_FLOAT_EQ(image_of(pretrained_named("efficientnet_lite4").front().preprocessor).mean[2], 0.5F);
  EXPECT_EQ(image_of(pretrained_named("resnet50").front().preprocessor).filter, Filter::bilinear);
}

TEST(PretrainedModels, AreResizedAsTorchvisionSays) {
  const auto shorter_side = [](const ImagePreprocess& preprocess) {
    return std::floor(preprocess.size / preprocess.crop_fraction);
  };
  EXPECT_EQ(shorter_side(image_of(pretrained_named("vgg16").front().preprocessor)), 256);
  EXPECT_EQ(shorter_side(image_of(pretrained_named("mobilenet_v3_large").back().preprocessor)), 232);
  EXPECT_EQ(shorter_side(image_of(pretrained_named("inception_v3").front().preprocessor)), 342);
  EXPECT_EQ(shorter_side(image_of(pretrained_named("efficientnet_b1").front().preprocessor)), 256);
  EXPECT_EQ(shorter_side(image_of(pretrained_named("efficientnet_b1").back().preprocessor)), 255);
  EXPECT_EQ(shorter_side(image_of(pretrained_named("efficientnet_b2").front().preprocessor)), 288);
  EXPECT_EQ(shorter_side(image_of(pretrained_named("efficientnet_b3").front().preprocessor)), 320);
  EXPECT_EQ(shorter_side(image_of(pretrained_named("efficientnet_b4").front().preprocessor)), 384);
  EXPECT_EQ(shorter_side(image_of(pretrained_named("convnext_tiny").front().preprocessor)), 236);
}

TEST(PretrainedModels, NameTheNearestForASlip) {
  try {
    pretrained_named("efficientnet_light0");
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_NE(error.text().found.find("'efficientnet_lite0'"), std::string::npos) << error.what();
  }
}

TEST(PretrainedModels, OfKerasAreKnownByTheirMd5) {
  int keras = 0;
  for (const PretrainedSpec& spec : pretrained_models()) {
    if (!spec.source.starts_with("keras")) continue;
    ++keras;
    // keras.applications checks no digest of MobileNetV2.
    EXPECT_EQ(spec.md5.empty(), spec.name.starts_with("mobilenet_v2")) << spec.file;
    EXPECT_EQ(spec.outputs == 0, spec.source == "keras-notop") << spec.file;
  }
  EXPECT_EQ(keras, 2 * (10 + 6));
}

TEST(PretrainedModels, OfKerasHaveTheModeOfTheirFamily) {
  const auto of_keras = [](std::string_view name) {
    for (const PretrainedSpec& spec : pretrained_named(name))
      if (spec.source == "keras") return spec;
    return PretrainedSpec{};
  };
  const PretrainedSpec caffe = of_keras("resnet50"), tf = of_keras("resnet50v2");
  EXPECT_EQ(caffe.architecture, "keras_resnet50");
  EXPECT_EQ(image_of(caffe.preprocessor).channels, ImagePreprocess::Channels::bgr);
  EXPECT_EQ(image_of(caffe.preprocessor).mean, (std::array<float, 3>{103.939F, 116.779F, 123.68F}));
  EXPECT_EQ(caffe.md5, "2cb95161c43110f7111970584f804107");
  EXPECT_EQ(image_of(tf.preprocessor).divisor, 127.5F);
  EXPECT_EQ(image_of(tf.preprocessor).channels, ImagePreprocess::Channels::rgb);
  EXPECT_EQ(of_keras("vgg16").architecture, "vgg16");
  EXPECT_EQ(image_of(of_keras("inception_v3").preprocessor).size, 299);
  EXPECT_EQ(of_keras("mobilenet_v2_130").architecture, "keras_mobilenet_v2_130");
}

TEST(PretrainedModels, AreFoundByTheirArchitectureToo) {
  for (const PretrainedSpec& spec : pretrained_named("keras_resnet50")) EXPECT_EQ(spec.name, "resnet50");
  EXPECT_EQ(pretrained_named("keras_resnet50").size(), 2U);
  EXPECT_EQ(pretrained_named("mobilenet_v2_035").back().source, "own");
}

TEST(ImagenetLabels, StandAtTheirIndex) {
  const std::vector<std::string> labels = pretrained_models().front().labels;
  EXPECT_EQ(labels[0], "tench");
  EXPECT_EQ(labels[207], "golden retriever");
  EXPECT_EQ(labels[340], "zebra");
  EXPECT_EQ(labels[999], "toilet tissue");
}

}  // namespace
}  // namespace enxerto
