#include "enxerto/pretrained/keras/keras_names.h"

#include <charconv>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/to_size.h"

namespace enxerto {
namespace {

using Pair = std::pair<std::string_view, std::string_view>;  // ours, Keras's

std::string find(std::span<const Pair> table, std::string_view ours) {
  for (const auto& [name, theirs] : table)
    if (name == ours) return std::string(theirs);
  return "";
}

/// Takes "<number>." off the front of `text`; -1 where there is none.
int take_number(std::string_view& text) {
  int number = -1;
  const auto [after, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || number < 0 || after == text.data() + text.size() || *after != '.') return -1;
  text.remove_prefix(to_size(after - text.data()) + 1);
  return number;
}

bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

// ResNet

constexpr Pair kResNetOutside[] = {
    {"conv1", "conv1_conv"}, {"bn1", "conv1_bn"}, {"norm", "post_bn"}, {"fc", "predictions"}};
constexpr Pair kResNetV1[] = {
    {"conv1", "1_conv"}, {"bn1", "1_bn"}, {"conv2", "2_conv"},        {"bn2", "2_bn"},
    {"conv3", "3_conv"}, {"bn3", "3_bn"}, {"downsample.0", "0_conv"}, {"downsample.1", "0_bn"}};
constexpr Pair kResNetV2[] = {{"bn1", "preact_bn"}, {"conv1", "1_conv"}, {"bn2", "1_bn"},         {"conv2", "2_conv"},
                              {"bn3", "2_bn"},      {"conv3", "3_conv"}, {"downsample", "0_conv"}};

std::string resnet_name(std::string_view ours, std::span<const Pair> parts) {
  if (!take(ours, "layer")) return find(kResNetOutside, ours);
  const int layer = take_number(ours), block = take_number(ours);
  const std::string part = find(parts, ours);
  return part.empty() ? "" : fmt::format("conv{}_block{}_{}", layer + 1, block + 1, part);
}

std::string resnet_v1_name(std::string_view ours) { return resnet_name(ours, kResNetV1); }
std::string resnet_v2_name(std::string_view ours) { return resnet_name(ours, kResNetV2); }

bool is_resnet_v1(std::string_view network) { return network.starts_with("keras_resnet") && !network.ends_with("v2"); }
bool is_resnet_v2(std::string_view network) { return network.starts_with("keras_resnet") && network.ends_with("v2"); }

// MobileNetV2

constexpr Pair kMobileNetOutside[] = {{"features.0.0", "Conv1"},
                                      {"features.0.1", "bn_Conv1"},
                                      {"features.18.0", "Conv_1"},
                                      {"features.18.1", "Conv_1_bn"},
                                      {"classifier.1", "predictions"}};
constexpr Pair kMobileNetFirst[] = {
    {"0.0", "depthwise"}, {"0.1", "depthwise_BN"}, {"1", "project"}, {"2", "project_BN"}};
constexpr Pair kMobileNetBlock[] = {{"0.0", "expand"},       {"0.1", "expand_BN"}, {"1.0", "depthwise"},
                                    {"1.1", "depthwise_BN"}, {"2", "project"},     {"3", "project_BN"}};

std::string mobilenet_v2_name(std::string_view ours) {
  if (std::string outside = find(kMobileNetOutside, ours); !outside.empty()) return outside;
  if (!take(ours, "features.")) return "";
  const int position = take_number(ours);
  if (!take(ours, "conv.")) return "";
  if (position == 1) return "expanded_conv_" + find(kMobileNetFirst, ours);
  return fmt::format("block_{}_{}", position - 1, find(kMobileNetBlock, ours));
}

bool is_mobilenet_v2(std::string_view network) { return network.starts_with("keras_mobilenet_v2"); }

// DenseNet

constexpr Pair kDenseNetOutside[] = {{"features.conv0", "conv1_conv"},
                                     {"features.norm0", "conv1_bn"},
                                     {"features.norm5", "bn"},
                                     {"classifier", "predictions"}};
constexpr Pair kDenseNetLayer[] = {{"norm1", "0_bn"}, {"conv1", "1_conv"}, {"norm2", "1_bn"}, {"conv2", "2_conv"}};
constexpr Pair kDenseNetTransition[] = {{"norm", "bn"}, {"conv", "conv"}};

std::string densenet_name(std::string_view ours) {
  if (std::string outside = find(kDenseNetOutside, ours); !outside.empty()) return outside;
  if (take(ours, "features.transition")) {
    const int transition = take_number(ours);
    return fmt::format("pool{}_{}", transition + 1, find(kDenseNetTransition, ours));
  }
  if (!take(ours, "features.denseblock")) return "";
  const int block = take_number(ours);
  if (!take(ours, "denselayer")) return "";
  const int layer = take_number(ours);
  return fmt::format("conv{}_block{}_{}", block + 1, layer, find(kDenseNetLayer, ours));
}

bool is_densenet(std::string_view network) { return network == "keras_densenet121"; }

// InceptionV3: only the classifier has a name.

std::string inception_v3_name(std::string_view ours) { return ours == "fc" ? "predictions" : ""; }
bool is_inception_v3(std::string_view network) { return network == "keras_inception_v3"; }

// VGG: positions in torchvision's sequence, where a ReLU follows each convolution and a pooling ends a block.

constexpr Pair kVgg16[] = {
    {"features.0", "block1_conv1"},  {"features.2", "block1_conv2"},  {"features.5", "block2_conv1"},
    {"features.7", "block2_conv2"},  {"features.10", "block3_conv1"}, {"features.12", "block3_conv2"},
    {"features.14", "block3_conv3"}, {"features.17", "block4_conv1"}, {"features.19", "block4_conv2"},
    {"features.21", "block4_conv3"}, {"features.24", "block5_conv1"}, {"features.26", "block5_conv2"},
    {"features.28", "block5_conv3"}, {"classifier.0", "fc1"},         {"classifier.3", "fc2"},
    {"classifier.6", "predictions"}};
constexpr Pair kVgg19[] = {
    {"features.0", "block1_conv1"},  {"features.2", "block1_conv2"},  {"features.5", "block2_conv1"},
    {"features.7", "block2_conv2"},  {"features.10", "block3_conv1"}, {"features.12", "block3_conv2"},
    {"features.14", "block3_conv3"}, {"features.16", "block3_conv4"}, {"features.19", "block4_conv1"},
    {"features.21", "block4_conv2"}, {"features.23", "block4_conv3"}, {"features.25", "block4_conv4"},
    {"features.28", "block5_conv1"}, {"features.30", "block5_conv2"}, {"features.32", "block5_conv3"},
    {"features.34", "block5_conv4"}, {"classifier.0", "fc1"},         {"classifier.3", "fc2"},
    {"classifier.6", "predictions"}};

std::string vgg16_name(std::string_view ours) { return find(kVgg16, ours); }
std::string vgg19_name(std::string_view ours) { return find(kVgg19, ours); }
bool is_vgg16(std::string_view network) { return network == "vgg16"; }
bool is_vgg19(std::string_view network) { return network == "vgg19"; }

constexpr KerasFamily kFamilies[] = {
    {is_resnet_v1, resnet_v1_name}, {is_resnet_v2, resnet_v2_name},       {is_mobilenet_v2, mobilenet_v2_name},
    {is_densenet, densenet_name},   {is_inception_v3, inception_v3_name}, {is_vgg16, vgg16_name},
    {is_vgg19, vgg19_name},
};

}  // namespace

const KerasFamily* keras_family(std::string_view network) {
  for (const KerasFamily& family : kFamilies)
    if (family.serves(network)) return &family;
  return nullptr;
}

}  // namespace enxerto
