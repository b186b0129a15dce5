#include "enxerto/zoo/registry.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"
#include "enxerto/base/nearest.h"
#include "enxerto/zoo/cifar_resnet.h"
#include "enxerto/zoo/convnext.h"
#include "enxerto/zoo/densenet.h"
#include "enxerto/zoo/detectors.h"
#include "enxerto/zoo/efficientnet.h"
#include "enxerto/zoo/efficientnet_lite.h"
#include "enxerto/zoo/inception_v3.h"
#include "enxerto/zoo/keras_resnet.h"
#include "enxerto/zoo/mobilenet_v2.h"
#include "enxerto/zoo/mobilenet_v3.h"
#include "enxerto/zoo/regnet.h"
#include "enxerto/zoo/resnet.h"
#include "enxerto/zoo/segmenters.h"
#include "enxerto/zoo/vgg.h"
#include "enxerto/zoo/vision_transformer.h"

namespace enxerto {
namespace {

constexpr std::int64_t kMaximumSize = 8192;

template <int variant>
Blueprint lite(const Architecture& /*row*/, const ArchitectureOptions& options) {
  return efficientnet_lite({.variant = variant, .size = options.size, .classes = options.classes});
}

template <int depth>
Blueprint residual(const Architecture& /*row*/, const ArchitectureOptions& options) {
  return resnet({.depth = depth, .size = options.size, .classes = options.classes});
}

template <int depth>
Blueprint small_residual(const Architecture& /*row*/, const ArchitectureOptions& options) {
  return cifar_resnet({.depth = depth, .size = options.size, .classes = options.classes});
}

template <int depth, bool batch_norm>
Blueprint stacked(const Architecture& /*row*/, const ArchitectureOptions& options) {
  return vgg({.depth = depth, .batch_norm = batch_norm, .size = options.size, .classes = options.classes});
}

template <int percent>
Blueprint mobile2(const Architecture& /*row*/, const ArchitectureOptions& options) {
  return mobilenet_v2({.width = percent / 100.0, .size = options.size, .classes = options.classes});
}

template <bool small>
Blueprint mobile3(const Architecture& /*row*/, const ArchitectureOptions& options) {
  return mobilenet_v3({.small = small, .size = options.size, .classes = options.classes});
}

template <int variant>
Blueprint efficient(const Architecture& /*row*/, const ArchitectureOptions& options) {
  return efficientnet({.variant = variant, .size = options.size, .classes = options.classes});
}

Blueprint dense121(const Architecture& /*row*/, const ArchitectureOptions& options) {
  return densenet121({.size = options.size, .classes = options.classes});
}

// Pictures come to it as the network wants them: its published weights carry that preprocessing.
Blueprint inception(const Architecture& /*row*/, const ArchitectureOptions& options) {
  return inception_v3({.size = options.size, .classes = options.classes, .transform_input = false});
}

template <int depth, int version>
Blueprint keras_residual(const Architecture& /*row*/, const ArchitectureOptions& options) {
  return keras_resnet({.depth = depth, .version = version, .size = options.size, .classes = options.classes});
}

template <int percent>
Blueprint keras_mobile2(const Architecture& /*row*/, const ArchitectureOptions& options) {
  return mobilenet_v2({.width = percent / 100.0, .size = options.size, .classes = options.classes, .keras = true});
}

Blueprint keras_dense121(const Architecture& /*row*/, const ArchitectureOptions& options) {
  return densenet121({.size = options.size, .classes = options.classes, .keras = true});
}

Blueprint keras_inception(const Architecture& /*row*/, const ArchitectureOptions& options) {
  return inception_v3({.size = options.size, .classes = options.classes, .keras = true});
}

template <Blueprint (*build)(const MapHeadedConfig& config)>
Blueprint map_headed(const Architecture& /*row*/, const ArchitectureOptions& options) {
  return build({.size = options.size, .classes = options.classes});
}

template <int megaflops>
Blueprint regular_x(const Architecture& /*row*/, const ArchitectureOptions& options) {
  return regnet_x({.megaflops = megaflops, .size = options.size, .classes = options.classes});
}

Blueprint next_tiny(const Architecture& /*row*/, const ArchitectureOptions& options) {
  return convnext_tiny({.size = options.size, .classes = options.classes});
}

/// Width, depth and heads of the sizes that are published: small, base, large.
struct TransformerSize {
  std::int64_t width, depth, heads;
};
constexpr TransformerSize kSmall{384, 12, 6}, kBase{768, 12, 12}, kLarge{1024, 24, 16};

template <const TransformerSize& shape, int patch>
Blueprint transformer(const Architecture& row, const ArchitectureOptions& options) {
  return vision_transformer({.name = std::string(row.name),
                             .size = options.size,
                             .patch = patch,
                             .width = shape.width,
                             .depth = shape.depth,
                             .heads = shape.heads,
                             .classes = options.classes});
}

template <const TransformerSize& shape, VisionTransformerConfig::Pool pool>
Blueprint dinov2(const Architecture& row, const ArchitectureOptions& options) {
  return vision_transformer({.name = std::string(row.name),
                             .size = options.size,
                             .patch = 14,
                             .width = shape.width,
                             .depth = shape.depth,
                             .heads = shape.heads,
                             .layer_scale = true,
                             .pool = pool,
                             .classes = options.classes});
}
constexpr auto kToken = VisionTransformerConfig::Pool::class_token;
constexpr auto kTokenAndMean = VisionTransformerConfig::Pool::class_token_and_mean;

constexpr std::array kArchitectures{
    Architecture{"efficientnet_lite0", "EfficientNet-Lite0, 4.7 M parameters, 0.4 GMAC", 224, 32, lite<0>},
    Architecture{"efficientnet_lite1", "EfficientNet-Lite1, 5.4 M parameters, 0.6 GMAC", 240, 32, lite<1>},
    Architecture{"efficientnet_lite2", "EfficientNet-Lite2, 6.1 M parameters, 0.9 GMAC", 260, 32, lite<2>},
    Architecture{"efficientnet_lite3", "EfficientNet-Lite3, 8.2 M parameters, 1.4 GMAC", 280, 32, lite<3>},
    Architecture{"efficientnet_lite4", "EfficientNet-Lite4, 13.0 M parameters, 2.6 GMAC", 300, 32, lite<4>},
    Architecture{"resnet18", "ResNet-18, 11.7 M parameters, 1.8 GMAC", 224, 32, residual<18>},
    Architecture{"resnet34", "ResNet-34, 21.8 M parameters, 3.7 GMAC", 224, 32, residual<34>},
    Architecture{"resnet50", "ResNet-50 v1.5, 25.6 M parameters, 4.1 GMAC", 224, 32, residual<50>},
    Architecture{"resnet101", "ResNet-101 v1.5, 44.5 M parameters, 7.8 GMAC", 224, 32, residual<101>},
    Architecture{"resnet152", "ResNet-152 v1.5, 60.2 M parameters, 11.5 GMAC", 224, 32, residual<152>},
    Architecture{"resnet20_cifar", "ResNet-20 for pictures of 32 px, 0.27 M parameters, 0.04 GMAC", 32, 4,
                 small_residual<20>},
    Architecture{"vgg11", "VGG-11, 132.9 M parameters, 7.6 GMAC", 224, 32, stacked<11, false>},
    Architecture{"vgg13", "VGG-13, 133.0 M parameters, 11.3 GMAC", 224, 32, stacked<13, false>},
    Architecture{"vgg16", "VGG-16, 138.4 M parameters, 15.5 GMAC", 224, 32, stacked<16, false>},
    Architecture{"vgg19", "VGG-19, 143.7 M parameters, 19.6 GMAC", 224, 32, stacked<19, false>},
    Architecture{"vgg11_bn", "VGG-11 with batch normalisation, 132.9 M parameters, 7.6 GMAC", 224, 32,
                 stacked<11, true>},
    Architecture{"vgg13_bn", "VGG-13 with batch normalisation, 133.1 M parameters, 11.3 GMAC", 224, 32,
                 stacked<13, true>},
    Architecture{"vgg16_bn", "VGG-16 with batch normalisation, 138.4 M parameters, 15.5 GMAC", 224, 32,
                 stacked<16, true>},
    Architecture{"vgg19_bn", "VGG-19 with batch normalisation, 143.7 M parameters, 19.6 GMAC", 224, 32,
                 stacked<19, true>},
    Architecture{"mobilenet_v2_035", "MobileNetV2, width 0.35, 1.7 M parameters, 0.06 GMAC", 224, 32, mobile2<35>},
    Architecture{"mobilenet_v2_050", "MobileNetV2, width 0.5, 2.0 M parameters, 0.10 GMAC", 224, 32, mobile2<50>},
    Architecture{"mobilenet_v2_075", "MobileNetV2, width 0.75, 2.6 M parameters, 0.21 GMAC", 224, 32, mobile2<75>},
    Architecture{"mobilenet_v2", "MobileNetV2, 3.5 M parameters, 0.30 GMAC", 224, 32, mobile2<100>},
    Architecture{"mobilenet_v2_140", "MobileNetV2, width 1.4, 6.1 M parameters, 0.58 GMAC", 224, 32, mobile2<140>},
    Architecture{"densenet121", "DenseNet-121, 8.0 M parameters, 2.8 GMAC", 224, 32, dense121},
    Architecture{"inception_v3", "InceptionV3, 23.8 M parameters, 5.7 GMAC", 299, 75, inception},
    Architecture{"mobilenet_v3_large", "MobileNetV3-Large, 5.5 M parameters, 0.22 GMAC", 224, 32, mobile3<false>},
    Architecture{"mobilenet_v3_small", "MobileNetV3-Small, 2.5 M parameters, 0.06 GMAC", 224, 32, mobile3<true>},
    Architecture{"efficientnet_b0", "EfficientNet-B0, 5.3 M parameters, 0.39 GMAC", 224, 32, efficient<0>},
    Architecture{"efficientnet_b1", "EfficientNet-B1, 7.8 M parameters, 0.69 GMAC", 240, 32, efficient<1>},
    Architecture{"efficientnet_b2", "EfficientNet-B2, 9.1 M parameters, 1.1 GMAC", 288, 32, efficient<2>},
    Architecture{"efficientnet_b3", "EfficientNet-B3, 12.2 M parameters, 1.8 GMAC", 300, 32, efficient<3>},
    Architecture{"efficientnet_b4", "EfficientNet-B4, 19.3 M parameters, 4.4 GMAC", 380, 32, efficient<4>},
    Architecture{"regnet_x_400mf", "RegNetX-400MF, 5.5 M parameters, 0.4 GMAC", 224, 32, regular_x<400>},
    Architecture{"regnet_x_800mf", "RegNetX-800MF, 7.3 M parameters, 0.8 GMAC", 224, 32, regular_x<800>},
    Architecture{"regnet_x_1_6gf", "RegNetX-1.6GF, 9.2 M parameters, 1.6 GMAC", 224, 32, regular_x<1600>},
    Architecture{"regnet_x_3_2gf", "RegNetX-3.2GF, 15.3 M parameters, 3.2 GMAC", 224, 32, regular_x<3200>},
    Architecture{"convnext_tiny", "ConvNeXt-Tiny, 28.6 M parameters, 4.5 GMAC", 224, 32, next_tiny},
    Architecture{"vit_s16", "ViT-S/16, 22.1 M parameters, 4.6 GMAC", 224, 32, transformer<kSmall, 16>},
    Architecture{"vit_b16", "ViT-B/16, 86.6 M parameters, 17.6 GMAC", 224, 32, transformer<kBase, 16>},
    Architecture{"vit_b32", "ViT-B/32, 88.2 M parameters, 4.4 GMAC", 224, 64, transformer<kBase, 32>},
    Architecture{"vit_l16", "ViT-L/16, 304.3 M parameters, 61.6 GMAC", 224, 32, transformer<kLarge, 16>},
    Architecture{"dinov2_vits14", "DINOv2 ViT-S/14, 22.1 M parameters, 6.1 GMAC at 224 px", 518, 28,
                 dinov2<kSmall, kToken>},
    Architecture{"dinov2_vitb14", "DINOv2 ViT-B/14, 86.6 M parameters, 23.2 GMAC at 224 px", 518, 28,
                 dinov2<kBase, kToken>},
    Architecture{"dinov2_vits14_lc", "DINOv2 ViT-S/14 with a linear classifier on class token and mean patch", 518, 28,
                 dinov2<kSmall, kTokenAndMean>},
    Architecture{"dinov2_vitb14_lc", "DINOv2 ViT-B/14 with a linear classifier on class token and mean patch", 518, 28,
                 dinov2<kBase, kTokenAndMean>},
    Architecture{"fcn_resnet50", "FCN on ResNet-50 with holes, 33.0 M parameters", 520, 64, map_headed<fcn_resnet50>,
                 classes_of_segmenter},
    Architecture{"deeplabv3_resnet50", "DeepLabV3 on ResNet-50 with holes, 39.6 M parameters", 520, 64,
                 map_headed<deeplabv3_resnet50>, classes_of_segmenter},
    Architecture{"deeplabv3_mobilenet_v3_large", "DeepLabV3 on MobileNetV3-Large, 11.0 M parameters", 520, 64,
                 map_headed<deeplabv3_mobilenet_v3_large>, classes_of_segmenter},
    Architecture{"lraspp_mobilenet_v3_large", "LR-ASPP on MobileNetV3-Large, 3.2 M parameters", 520, 64,
                 map_headed<lraspp_mobilenet_v3_large>, classes_of_segmenter},
    // Six maps from 1/16 on: smaller pictures have fewer.
    Architecture{"ssdlite320_mobilenet_v3_large", "SSDlite on MobileNetV3-Large, 3.4 M parameters, 0.6 GMAC", 320, 257,
                 map_headed<ssdlite_mobilenet_v3_large>, classes_of_ssdlite},
    Architecture{"retinanet_resnet50_fpn", "RetinaNet on ResNet-50, 34.0 M parameters", 800, 64,
                 map_headed<retinanet_resnet50>, classes_of_retinanet},
    Architecture{"keras_resnet50", "ResNet-50 v1 as in Keras, 25.6 M parameters, 3.9 GMAC", 224, 32,
                 keras_residual<50, 1>},
    Architecture{"keras_resnet101", "ResNet-101 v1 as in Keras, 44.6 M parameters, 7.6 GMAC", 224, 32,
                 keras_residual<101, 1>},
    Architecture{"keras_resnet152", "ResNet-152 v1 as in Keras, 60.3 M parameters, 11.3 GMAC", 224, 32,
                 keras_residual<152, 1>},
    Architecture{"keras_resnet50v2", "ResNet-50 v2 as in Keras, 25.6 M parameters, 3.5 GMAC", 224, 32,
                 keras_residual<50, 2>},
    Architecture{"keras_resnet101v2", "ResNet-101 v2 as in Keras, 44.6 M parameters, 7.2 GMAC", 224, 32,
                 keras_residual<101, 2>},
    Architecture{"keras_resnet152v2", "ResNet-152 v2 as in Keras, 60.2 M parameters, 10.9 GMAC", 224, 32,
                 keras_residual<152, 2>},
    Architecture{"keras_inception_v3", "InceptionV3 as in Keras, 23.8 M parameters, 5.7 GMAC", 299, 75,
                 keras_inception},
    Architecture{"keras_densenet121", "DenseNet-121 as in Keras, 8.0 M parameters, 2.8 GMAC", 224, 32, keras_dense121},
    Architecture{"keras_mobilenet_v2_035", "MobileNetV2 x 0.35 as in Keras, 1.7 M parameters, 0.06 GMAC", 224, 32,
                 keras_mobile2<35>},
    Architecture{"keras_mobilenet_v2_050", "MobileNetV2 x 0.5 as in Keras, 2.0 M parameters, 0.10 GMAC", 224, 32,
                 keras_mobile2<50>},
    Architecture{"keras_mobilenet_v2_075", "MobileNetV2 x 0.75 as in Keras, 2.6 M parameters, 0.21 GMAC", 224, 32,
                 keras_mobile2<75>},
    Architecture{"keras_mobilenet_v2", "MobileNetV2 as in Keras, 3.5 M parameters, 0.30 GMAC", 224, 32,
                 keras_mobile2<100>},
    Architecture{"keras_mobilenet_v2_130", "MobileNetV2 x 1.3 as in Keras, 5.4 M parameters, 0.51 GMAC", 224, 32,
                 keras_mobile2<130>},
    Architecture{"keras_mobilenet_v2_140", "MobileNetV2 x 1.4 as in Keras, 6.1 M parameters, 0.58 GMAC", 224, 32,
                 keras_mobile2<140>},
};

}  // namespace

Blueprint Architecture::build(const ArchitectureOptions& options) const {
  ArchitectureOptions resolved = options;
  if (resolved.size == 0) resolved.size = default_size;
  if (resolved.classes < 1)
    throw usage_error(std::string(name), fmt::format("{} classes", resolved.classes), "at least one class");
  if (resolved.size < minimum_size || resolved.size > kMaximumSize) {
    const bool is_small = resolved.size < minimum_size;
    throw usage_error(
        std::string(name),
        fmt::format("an input of {} px, too {} for this network", resolved.size, is_small ? "small" : "large"),
        fmt::format("{} to {} px", minimum_size, kMaximumSize),
        fmt::format("input.size = {}, the {}, or {}, its usual size", is_small ? minimum_size : kMaximumSize,
                    is_small ? "smallest" : "largest", default_size));
  }
  return make(*this, resolved);
}

std::span<const Architecture> architectures() { return kArchitectures; }

const Architecture& find_architecture(std::string_view name) {
  const auto* row = std::find_if(kArchitectures.begin(), kArchitectures.end(),
                                 [&](const Architecture& known) { return known.name == name; });
  if (row != kArchitectures.end()) return *row;
  std::vector<std::string> names;
  for (const Architecture& known : kArchitectures) names.emplace_back(known.name);
  throw usage_error(fmt::format("backbone '{}'", name), "unknown" + did_you_mean(name, names),
                    fmt::format("{}", fmt::join(names, ", ")));
}

}  // namespace enxerto
