#include "enxerto/pretrained/names_speech.h"

#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "enxerto/base/to_size.h"
#include "enxerto/pretrained/joined_attention.h"
#include "enxerto/pretrained/rename.h"

namespace enxerto {
namespace {

constexpr Rename kWav2Vec2[] = {
    {"^feature_extractor.conv_layers.", "features."},
    {"^feature_projection.layer_norm.", "projection.norm."},
    {"^feature_projection.projection.", "projection."},
    {"^encoder.pos_conv_embed.conv.parametrizations.weight.original0", "position.length"},
    {"^encoder.pos_conv_embed.conv.parametrizations.weight.original1", "position.direction"},
    {"^encoder.pos_conv_embed.conv.weight_g", "position.length"},
    {"^encoder.pos_conv_embed.conv.weight_v", "position.direction"},
    {"^encoder.pos_conv_embed.conv.", "position."},
    {"^encoder.layer_norm.", "norm."},
    {"^encoder.layers.", "blocks."},
    {".attention.q_proj.", ".attn.q."},
    {".attention.k_proj.", ".attn.k."},
    {".attention.v_proj.", ".attn.v."},
    {".attention.out_proj.", ".attn.proj."},
    {".feed_forward.intermediate_dense.", ".mlp.fc1."},
    {".feed_forward.output_dense.", ".mlp.fc2."},
    {".final_layer_norm.", ".norm2."},
};

/// Normalisations of convolutions and of blocks are called alike.
std::string known_name(const std::string& name) {
  std::string ours = renamed(name, kWav2Vec2);
  constexpr std::string_view kNorm = ".layer_norm.";
  if (const std::size_t at = ours.find(kNorm); at != std::string::npos)
    ours.replace(at, kNorm.size(), ours.starts_with("features.") ? ".norm." : ".norm1.");
  return ours;
}

/// Each place of the kernel as long as is said: (out, in, kernel) by (1, 1, kernel).
Tensor of_length(const Tensor& direction, const Tensor& length) {
  const Tensor all = direction.to_float32(), wanted = length.to_float32();
  const std::size_t kernel = to_size(all.shape()[2]);
  const auto values = all.as<float>();
  std::vector<double> squares(kernel);
  for (std::size_t i = 0; i < values.size(); ++i)
    squares[i % kernel] += static_cast<double>(values[i]) * static_cast<double>(values[i]);
  std::vector<float> scaled(values.begin(), values.end());
  for (std::size_t i = 0; i < scaled.size(); ++i)
    scaled[i] =
        static_cast<float>(static_cast<double>(scaled[i]) * static_cast<double>(wanted.as<float>()[i % kernel]) /
                           std::sqrt(squares[i % kernel]));
  return Tensor::of<float>(all.shape(), std::span<const float>(scaled));
}

/// Where the two do not go together they stay, to be reported.
void join_position_weight(StateDict& ours) {
  const Tensor *const direction = ours.find("position.direction"), *const length = ours.find("position.length");
  if (direction == nullptr || length == nullptr || direction->shape().size() != 3 ||
      length->shape() != Shape{1, 1, direction->shape()[2]})
    return;
  const Tensor weight = of_length(*direction, *length);
  ours.erase("position.direction");
  ours.erase("position.length");
  ours.set("position.weight", weight);
}

StateDict translate_speech(const StateDict& weights, const Blueprint& /*blueprint*/) {
  StateDict ours;
  for (const auto& [name, tensor] : weights)
    if (name != "masked_spec_embed") ours.set(known_name(name), tensor);
  join_position_weight(ours);
  return with_joined_attention(ours);
}

bool recognises_speech(const StateDict& weights) {
  return weights.contains("feature_extractor.conv_layers.0.conv.weight") &&
         weights.contains("feature_projection.projection.weight");
}

constexpr NameTable kSpeechTables[] = {
    {"transformers_speech", recognises_speech, translate_speech},
};

}  // namespace

std::span<const NameTable> speech_names() { return kSpeechTables; }

}  // namespace enxerto
