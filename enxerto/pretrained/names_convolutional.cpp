#include "enxerto/pretrained/names_convolutional.h"

#include <algorithm>
#include <string>

#include "enxerto/pretrained/rename.h"

namespace enxerto {
namespace {

constexpr Rename kResnet[] = {
    {"^resnet.", ""},
    {"^classifier.1.", "fc."},
    {"^embedder.embedder.convolution.", "conv1."},
    {"^embedder.embedder.normalization.", "bn1."},
    {"^encoder.stages.0.layers.", "layer1."},
    {"^encoder.stages.1.layers.", "layer2."},
    {"^encoder.stages.2.layers.", "layer3."},
    {"^encoder.stages.3.layers.", "layer4."},
    {".layer.0.convolution.", ".conv1."},
    {".layer.0.normalization.", ".bn1."},
    {".layer.1.convolution.", ".conv2."},
    {".layer.1.normalization.", ".bn2."},
    {".layer.2.convolution.", ".conv3."},
    {".layer.2.normalization.", ".bn3."},
    {".shortcut.convolution.", ".downsample.0."},
    {".shortcut.normalization.", ".downsample.1."},
};

constexpr Rename kConvnext[] = {
    {"^convnext.", ""},
    {"^classifier.", "classifier.2."},  // before the next row, which writes that word
    {"^layernorm.", "classifier.0."},
    {"^embeddings.patch_embeddings.", "features.0.0."},
    {"^embeddings.layernorm.", "features.0.1."},
    {"^encoder.stages.0.layers.", "features.1."},
    {"^encoder.stages.1.downsampling_layer.", "features.2."},
    {"^encoder.stages.1.layers.", "features.3."},
    {"^encoder.stages.2.downsampling_layer.", "features.4."},
    {"^encoder.stages.2.layers.", "features.5."},
    {"^encoder.stages.3.downsampling_layer.", "features.6."},
    {"^encoder.stages.3.layers.", "features.7."},
    {".dwconv.", ".block.0."},
    {".layernorm.", ".block.2."},
    {".pwconv1.", ".block.3."},
    {".pwconv2.", ".block.5."},
    {".layer_scale_parameter", ".layer_scale"},
};

constexpr Rename kTimmConvnext[] = {
    {"^head.norm.", "classifier.0."},
    {"^head.fc.", "classifier.2."},
    {"^stem.", "features.0."},
    {"^stages.0.blocks.", "features.1."},
    {"^stages.1.downsample.", "features.2."},
    {"^stages.1.blocks.", "features.3."},
    {"^stages.2.downsample.", "features.4."},
    {"^stages.2.blocks.", "features.5."},
    {"^stages.3.downsample.", "features.6."},
    {"^stages.3.blocks.", "features.7."},
    {".conv_dw.", ".block.0."},
    {".norm.", ".block.2."},
    {".mlp.fc1.", ".block.3."},
    {".mlp.fc2.", ".block.5."},
    {".gamma", ".layer_scale"},
};

bool recognises_resnet(const StateDict& weights) {
  return weights.contains("resnet.embedder.embedder.convolution.weight") ||
         weights.contains("embedder.embedder.convolution.weight");
}
StateDict translate_resnet(const StateDict& weights, const Blueprint& /*blueprint*/) {
  return renamed(weights, kResnet);
}

/// The scale of a layer is a vector in the files, a column of channels in the zoo.
StateDict with_scales_as_columns(StateDict weights) {
  const StateDict before = weights;
  for (const auto& [name, tensor] : before)
    if (name.ends_with(".layer_scale") && tensor.shape().size() == 1)
      weights.set(name, tensor.reshaped({tensor.shape()[0], 1, 1}));
  return weights;
}

bool recognises_convnext(const StateDict& weights) {
  return weights.contains("convnext.embeddings.patch_embeddings.weight") ||
         weights.contains("embeddings.patch_embeddings.weight");
}
StateDict translate_convnext(const StateDict& weights, const Blueprint& /*blueprint*/) {
  return with_scales_as_columns(renamed(weights, kConvnext));
}

/// The last normalisation has an epsilon of its own in transformers.
void adapt_convnext(Blueprint& blueprint) {
  const auto last = std::find_if(blueprint.graph.nodes.rbegin(), blueprint.graph.nodes.rend(),
                                 [](const Node& node) { return node.op == "LayerNormalization"; });
  if (last != blueprint.graph.nodes.rend()) last->attributes["epsilon"] = 1e-12F;
}

bool recognises_timm_convnext(const StateDict& weights) {
  return weights.contains("stem.0.weight") && weights.contains("stages.0.blocks.0.conv_dw.weight");
}
StateDict translate_timm_convnext(const StateDict& weights, const Blueprint& /*blueprint*/) {
  return with_scales_as_columns(renamed(weights, kTimmConvnext));
}

constexpr NameTable kTables[] = {
    {"transformers_resnet", recognises_resnet, translate_resnet},
    {"transformers_convnext", recognises_convnext, translate_convnext, adapt_convnext},
    {"timm_convnext", recognises_timm_convnext, translate_timm_convnext},
};

}  // namespace

std::span<const NameTable> convolutional_names() { return kTables; }

}  // namespace enxerto
