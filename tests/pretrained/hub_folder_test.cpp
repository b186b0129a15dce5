#include "enxerto/pretrained/hub_folder.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "enxerto/base/error.h"
#include "enxerto/files/atomic_write.h"
#include "tests/files/thrown.h"
#include "tests/media/image_record.h"
#include "tests/pretrained/temporary_directory.h"

namespace enxerto {
namespace {

using testing::image_of;

using Fit = ImagePreprocess::Fit;

/// A folder with the texts that a test gives it; weights are there, and empty.
class HubFolderTest : public ::testing::Test {
 protected:
  HubFolderTest() { write("model.safetensors", ""); }

  void write(const char* name, std::string_view text) const { write_atomically(folder_ / name, std::string(text)); }
  HubFolder read(std::string_view config) const {
    write("config.json", config);
    return read_hub_folder(folder_.path());
  }
  PretrainedSpec vit(std::string_view processor) const {
    write("preprocessor_config.json", processor);
    return read(R"({"model_type": "vit", "architectures": ["ViTForImageClassification"]})").spec;
  }
  void expect_refused(std::string_view config, const std::string& saying) const {
    expect_says(thrown_by([&] { (void)read(config); }), ErrorKind::weights, saying);
  }

  testing::TemporaryDirectory folder_;
};

TEST_F(HubFolderTest, IsOneWithAConfig) {
  EXPECT_FALSE(is_hub_folder(folder_.path()));
  write("config.json", "{}");
  EXPECT_TRUE(is_hub_folder(folder_.path()));
  EXPECT_FALSE(is_hub_folder(folder_ / "config.json"));
  EXPECT_FALSE(is_hub_folder(folder_ / "missing"));
}

TEST_F(HubFolderTest, OfGooglesViTIsReadAsItWasPublished) {
  write("preprocessor_config.json", R"({"do_normalize": true, "do_resize": true, "image_mean": [0.5, 0.5, 0.5],
    "image_std": [0.5, 0.5, 0.5], "resample": 2, "size": 224, "feature_extractor_type": "ViTFeatureExtractor"})");
  const HubFolder found = read(R"({"architectures": ["ViTForImageClassification"], "model_type": "vit",
    "attention_probs_dropout_prob": 0.0, "hidden_act": "gelu", "hidden_size": 768, "image_size": 224,
    "intermediate_size": 3072, "layer_norm_eps": 1e-12, "num_attention_heads": 12, "num_channels": 3,
    "num_hidden_layers": 12, "patch_size": 16, "qkv_bias": true, "id2label": {"0": "tench", "1": "goldfish"},
    "label2id": {"tench": 0, "goldfish": 1}})");
  EXPECT_EQ(found.spec.architecture, "vit_b16");
  EXPECT_EQ(found.spec.source, "transformers");
  EXPECT_EQ(found.spec.naming, "transformers_vit");
  EXPECT_EQ(found.spec.outputs, 2);
  EXPECT_EQ(found.spec.labels, (std::vector<std::string>{"tench", "goldfish"}));
  EXPECT_EQ(found.weights, folder_ / "model.safetensors");
  const ImagePreprocess wanted{.size = 224,
                               .fit = Fit::squash,
                               .filter = Filter::bilinear,
                               .mean = {0.5F, 0.5F, 0.5F},
                               .deviation = {0.5F, 0.5F, 0.5F}};
  EXPECT_EQ(image_of(found.spec.preprocessor), wanted);
}

TEST_F(HubFolderTest, WithoutAProcessorIsUsedAtTheSizeThatItsConfigStatesAndSaysWhatIsAssumed) {
  const HubFolder vit = read(R"({"model_type": "vit", "image_size": 64})");
  EXPECT_EQ(image_of(vit.spec.preprocessor).size, 64);
  EXPECT_EQ(image_of(vit.spec.preprocessor).deviation[0], 0.5F);
  EXPECT_EQ(vit.notes, std::vector<std::string>{"there is no preprocessor_config.json: assuming tf at 64 px"});
  EXPECT_EQ(image_of(read(R"({"model_type": "vit", "image_size": [96, 96]})").spec.preprocessor).size, 96);
  // Its positions are for 518 px, which nobody uses it at.
  const HubFolder dinov2 = read(R"({"model_type": "dinov2", "image_size": 518, "layer_norm_eps": 1e-06})");
  EXPECT_EQ(image_of(dinov2.spec.preprocessor).size, 224);
  expect_refused(R"({"model_type": "vit", "image_size": [96, 64]})", "'image_size' is [96,64]");
}

TEST_F(HubFolderTest, OfDinov2CropsFromTheShorterSide) {
  write("preprocessor_config.json", R"({"crop_size": {"height": 224, "width": 224}, "do_center_crop": true,
    "do_convert_rgb": true, "do_normalize": true, "do_rescale": true, "do_resize": true,
    "image_mean": [0.485, 0.456, 0.406], "image_processor_type": "BitImageProcessor",
    "image_std": [0.229, 0.224, 0.225], "resample": 3, "rescale_factor": 0.00392156862745098,
    "size": {"shortest_edge": 256}})");
  const PretrainedSpec spec =
      read(R"({"model_type": "dinov2", "architectures": ["Dinov2Model"], "hidden_size": 384, "image_size": 518,
               "layer_norm_eps": 1e-06, "layerscale_value": 1.0, "mlp_ratio": 4, "num_attention_heads": 6,
               "patch_size": 14, "id2label": {"0": "LABEL_0", "1": "LABEL_1"}})")
          .spec;
  EXPECT_EQ(spec.architecture, "dinov2_vits14");
  EXPECT_EQ(spec.outputs, 0);
  EXPECT_EQ(image_of(spec.preprocessor),
            (ImagePreprocess{.size = 224, .fit = Fit::center_crop, .crop_fraction = 0.875, .filter = Filter::bicubic}));
}

TEST_F(HubFolderTest, OfDinov2WithAClassifierIsTheNetworkThatAlsoSeesTheMeanPatch) {
  const PretrainedSpec spec = read(R"({"model_type": "dinov2", "architectures": ["Dinov2ForImageClassification"],
                                       "id2label": {"0": "LABEL_0", "1": "LABEL_1"}})")
                                  .spec;
  EXPECT_EQ(spec.architecture, "dinov2_vitb14_lc");
  EXPECT_EQ(spec.outputs, 2);
  EXPECT_TRUE(spec.labels.empty());
}

TEST_F(HubFolderTest, OfMicrosoftsResNetCropsByAFraction) {
  write("preprocessor_config.json", R"({"crop_pct": 0.875, "do_normalize": true, "do_resize": true,
    "feature_extractor_type": "ConvNextFeatureExtractor", "image_mean": [0.485, 0.456, 0.406],
    "image_std": [0.229, 0.224, 0.225], "resample": 3, "size": 224})");
  const PretrainedSpec spec = read(R"({"model_type": "resnet", "architectures": ["ResNetForImageClassification"],
    "depths": [3, 4, 6, 3], "hidden_sizes": [256, 512, 1024, 2048], "layer_type": "bottleneck"})")
                                  .spec;
  EXPECT_EQ(spec.architecture, "resnet50");
  EXPECT_EQ(image_of(spec.preprocessor), ImagePreprocess{});
}

TEST_F(HubFolderTest, OfConvNextIsSquashedFrom384PixelsOn) {
  const std::string config = R"({"model_type": "convnext", "architectures": ["ConvNextForImageClassification"]})";
  write("preprocessor_config.json",
        R"({"image_processor_type": "ConvNextImageProcessor", "size": {"shortest_edge": 384}})");
  EXPECT_EQ(image_of(read(config).spec.preprocessor).fit, Fit::squash);
  EXPECT_EQ(image_of(read(config).spec.preprocessor).size, 384);
  write("preprocessor_config.json",
        R"({"image_processor_type": "ConvNextImageProcessor", "crop_pct": 0.95, "size": {"shortest_edge": 288}})");
  EXPECT_EQ(image_of(read(config).spec.preprocessor).crop_fraction, 0.95);
  EXPECT_EQ(read(config).spec.architecture, "convnext_tiny");
}

TEST_F(HubFolderTest, OfTimmSaysHowPicturesComeToIt) {
  const PretrainedSpec spec = read(R"({"architecture": "vit_small_patch16_224", "num_classes": 2, "num_features": 384,
    "label_names": ["n01", "n02"], "label_descriptions": {"n01": "tench", "n02": "goldfish"},
    "pretrained_cfg": {"tag": "augreg", "input_size": [3, 224, 224], "crop_pct": 0.9, "interpolation": "bicubic",
      "mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5], "num_classes": 1000, "license": "apache-2.0"}})")
                                  .spec;
  EXPECT_EQ(spec.architecture, "vit_s16");
  EXPECT_EQ(spec.source, "timm");
  EXPECT_EQ(spec.naming, "timm_vit");
  EXPECT_EQ(spec.outputs, 2);
  EXPECT_EQ(spec.labels, (std::vector<std::string>{"tench", "goldfish"}));
  EXPECT_EQ(spec.licence, "apache-2.0");
  const ImagePreprocess wanted{.size = 224,
                               .fit = Fit::center_crop,
                               .crop_fraction = 0.9,
                               .filter = Filter::bicubic,
                               .mean = {0.5F, 0.5F, 0.5F},
                               .deviation = {0.5F, 0.5F, 0.5F}};
  EXPECT_EQ(image_of(spec.preprocessor), wanted);
}

TEST_F(HubFolderTest, OfTimmMayNameTheArgumentsThatItWasBuiltWith) {
  const PretrainedSpec spec =
      read(R"({"architecture": "vit_small_patch16_224", "num_classes": 10, "global_pool": "token",
    "model_args": {"num_classes": 10, "in_chans": 3, "global_pool": "token", "img_size": [224, 224]},
    "pretrained_cfg": {"input_size": [3, 224, 224], "pool_size": null}})")
          .spec;
  EXPECT_EQ(spec.architecture, "vit_s16");
  EXPECT_EQ(spec.outputs, 10);
  EXPECT_TRUE(spec.labels.empty());
}

TEST_F(HubFolderTest, OfTimmFromBefore2023HasAllInOneObject) {
  const PretrainedSpec spec = read(R"({"architecture": "resnet50.a1_in1k", "num_classes": 1000,
    "input_size": [3, 288, 288], "crop_pct": 1.0, "crop_mode": "squash", "interpolation": "bilinear"})")
                                  .spec;
  EXPECT_EQ(spec.architecture, "resnet50");
  EXPECT_EQ(image_of(spec.preprocessor).size, 288);
  EXPECT_EQ(image_of(spec.preprocessor).fit, Fit::squash);
  EXPECT_EQ(spec.labels.size(), 1000U);
}

TEST_F(HubFolderTest, TakesTheFirstWeightsOfFour) {
  const std::string config = R"({"architecture": "resnet18", "num_classes": 0})";
  write("pytorch_model.bin.index.json", "{}");
  write("pytorch_model.bin", "");
  write("model.safetensors.index.json", "{}");
  for (const char* name :
       {"model.safetensors", "model.safetensors.index.json", "pytorch_model.bin", "pytorch_model.bin.index.json"}) {
    EXPECT_EQ(read(config).weights, folder_ / name);
    EXPECT_EQ(read(config).spec.file, name);
    std::filesystem::remove(folder_ / name);
  }
  expect_refused(config, "holds a config.json, but no weights; expected one of model.safetensors,");
}

TEST_F(HubFolderTest, SaysWhatPicturesItsProcessorWants) {
  EXPECT_EQ(image_of(vit(R"({"size": {"height": 384, "width": 384}})").preprocessor).size, 384);
  EXPECT_EQ(image_of(vit(R"({"do_rescale": false})").preprocessor).divisor, 1.0F);
  EXPECT_EQ(image_of(vit(R"({"rescale_factor": 0.00392156862745098})").preprocessor).divisor, 255.0F);
  EXPECT_EQ(image_of(vit(R"({"do_normalize": false})").preprocessor).mean, (std::array<float, 3>{0, 0, 0}));
  EXPECT_EQ(image_of(vit(R"({"resample": 1, "size": null})").preprocessor).filter, Filter::lanczos);
  for (int shorter = 224; shorter < 600; shorter += 13) {
    const ImagePreprocess cropped =
        image_of(vit(fmt::format(R"({{"size": {{"shortest_edge": {}}}, "do_center_crop": true,
                                                        "crop_size": 224}})",
                                 shorter))
                     .preprocessor);
    EXPECT_EQ(std::floor(cropped.size / cropped.crop_fraction), shorter);
  }
}

TEST_F(HubFolderTest, NamesTheNearestArchitectureForASlip) {
  expect_refused(R"({"model_type": "vitt"})", "'model_type' is 'vitt', which is not supported; did you mean 'vit'?");
  expect_refused(R"({"model_type": "swin"})", "expected one of vit, dinov2, resnet, convnext, bert");
  expect_refused(R"({"architecture": "resnet51"})", "did you mean 'resnet5");
  expect_refused(R"({"hidden_size": 768})", "has neither 'model_type' nor 'architecture'");
}

TEST_F(HubFolderTest, RefusesNetworksThatTheZooBuildsOtherwise) {
  expect_refused(R"({"model_type": "vit", "hidden_size": 192, "num_attention_heads": 3})",
                 "is a vit with hidden_size, num_hidden_layers, num_attention_heads, patch_size of 192, 12, 3, 16");
  expect_refused(R"({"model_type": "vit", "hidden_act": "quick_gelu"})", "'hidden_act' is \"quick_gelu\"");
  expect_refused(R"({"model_type": "vit", "layer_norm_eps": 1e-5})", "'layer_norm_eps' is 1e-05; expected 1e-12");
  expect_refused(R"({"model_type": "dinov2", "use_swiglu_ffn": true})", "'use_swiglu_ffn' is true");
  expect_refused(R"({"model_type": "resnet", "downsample_in_bottleneck": true})", "'downsample_in_bottleneck' is true");
  expect_refused(R"({"model_type": "vit", "architectures": ["ViTForMaskedImageModeling"]})",
                 "expected ViTForImageClassification or ViTModel");
  expect_refused(R"({"architecture": "resnet18", "model_args": {"act_layer": "silu"}})",
                 "'model_args' changes 'act_layer' of the network");
  expect_refused(R"({"architecture": "vit_small_patch16_224", "global_pool": "avg"})", "'global_pool' is 'avg'");
  expect_refused(R"({"architecture": "resnet18", "model_args": {"global_pool": "max"}})", "expected 'avg'");
}

TEST_F(HubFolderTest, NamesWhatIsWrongInAMalformedConfig) {
  expect_refused("", "config.json: is not valid JSON");
  expect_refused("{\"model_type\": \"vit\"", "is not valid JSON");
  expect_refused("[1]", "is [1]; expected a JSON object");
  expect_refused(R"({"model_type": 5})", "'model_type' is 5; expected a text");
  expect_refused(R"({"model_type": "vit", "architectures": "ViTModel"})", "expected a list of strings");
  const std::string vit = R"({"model_type": "vit", "architectures": ["ViTForImageClassification"], )";
  expect_refused(fmt::format("{}{}", vit, R"("id2label": {"0": "a", "2": "b"}})"),
                 "'id2label' has 2 labels, but none for class 1");
  expect_refused(fmt::format("{}{}", vit, R"("id2label": {"0": 7}})"), "'0' is 7; expected a text");
  expect_refused(R"({"architecture": "resnet18", "num_classes": 2, "label_names": ["a"]})",
                 "has 1 'label_names' for 2 classes");
  expect_refused(R"({"architecture": "resnet18", "num_classes": -1})", "has -1 classes");
  expect_refused(R"({"architecture": "resnet18", "pretrained_cfg": {"input_size": [1, 28, 28]}})", "'input_size'");
  expect_refused(R"({"architecture": "resnet18", "pretrained_cfg": {"crop_pct": 0}})", "crops to 0 of the picture");
  expect_refused(R"({"architecture": "resnet18", "pretrained_cfg": {"interpolation": "random"}})", "'interpolation'");
}

TEST_F(HubFolderTest, NamesWhatIsWrongInAMalformedProcessor) {
  const std::pair<const char*, const char*> cases[] = {
      {R"({"do_resize": false})", "'do_resize' is false"},
      {R"({"size": {"height": 224, "width": 256}})", "expected a square"},
      {R"({"size": {"shortest_edge": 256}})", "resizes the shorter side to 256 px and keeps all"},
      {R"({"size": {"shortest_edge": 224}, "do_center_crop": true, "crop_size": 256})", "keeps 256 px"},
      {R"({"size": {"height": 256, "width": 256}, "do_center_crop": true, "crop_size": 224})", "both sides to 256 px"},
      {R"({"size": 0})", "'size' is of 0 px"},
      {R"({"size": 100000})", "1 to 8192 px"},
      {R"({"resample": 6})", "'resample' is 6"},
      {R"({"image_mean": [0.5]})", "'image_mean' has 1 numbers"},
      {R"({"image_std": [1, 1, 0]})", "a standard deviation of 0"},
      {R"({"rescale_factor": 0})", "expected a factor above 0"},
      {R"({"rescale_offset": true})", "'rescale_offset' is true"},
  };
  for (const auto& [processor, saying] : cases)
    expect_says(thrown_by([&] { (void)vit(processor); }), ErrorKind::weights, saying);
}

}  // namespace
}  // namespace enxerto
