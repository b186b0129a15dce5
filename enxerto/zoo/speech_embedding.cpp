#include "enxerto/zoo/speech_embedding.h"

#include <array>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "enxerto/graph/builder.h"
#include "enxerto/zoo/mel_bands.h"

namespace enxerto {
namespace {

using Ints = std::vector<std::int64_t>;

/// A convolution over frames and mels; mels are padded, frames are not. `pool_*`: of the pooling behind it, 0: none.
struct EmbeddingLayer {
  std::int64_t out, frames, mels, pool_frames = 0, pool_mels = 0;
};
constexpr std::array<EmbeddingLayer, 20> kEmbeddingLayers{{
    {24, 3, 3}, {24, 1, 3},       {24, 3, 1, 2, 2},  // conv0 .. conv2
    {48, 1, 3}, {48, 3, 1},       {48, 1, 3},       {48, 3, 1, 1, 2}, {72, 1, 3}, {72, 3, 1},
    {72, 1, 3}, {72, 3, 1, 2, 2}, {96, 1, 3},       {96, 3, 1},       {96, 1, 3}, {96, 3, 1, 1, 2},
    {96, 1, 3}, {96, 3, 1},       {96, 1, 3},       {96, 3, 1, 2, 2}, {96, 3, 1},
}};
constexpr float kLeak = 0.2F, kLeastAnswer = -0.4F;

/// (batch, samples) to (batch, 1, frames, mels): decibels, 80 below the loudest at most, in the network's range.
std::string embedding_mel(GraphBuilder& net, const SpeechEmbeddingConfig& config) {
  constexpr float kInt16 = 32'768, kRange = 80, kDivisor = 10, kShift = 2;
  const auto number = [&](float value) { return net.constant(Tensor::scalar(value)); };
  const std::string whole = net.add("Mul", "mel.whole", {"samples", number(kInt16)});
  const std::string bands = mel_bands(net, net.add("Unsqueeze", "mel.row", {whole, net.integers({1})}),
                                      {.name = "mel",
                                       .window = config.window,
                                       .hop = config.hop,
                                       .bins = config.window / 2 + 1,
                                       .mels = config.mels,
                                       .split = false});
  const std::string level = level_of_power(net, bands, "mel", kDecibels);
  const std::string loudest = net.add("ReduceMax", "mel.loudest", {level, net.integers({1, 2})});
  const std::string floored =
      net.add("Max", "mel.floored", {level, net.add("Sub", "mel.floor", {loudest, number(kRange)})});
  const std::string scaled = net.add("Div", "mel.scaled", {floored, number(kDivisor)});
  const std::string upright = net.add(
      "Transpose", "mel.upright", {net.add("Add", "mel.shifted", {scaled, number(kShift)})}, {{"perm", Ints{0, 2, 1}}});
  return net.add("Unsqueeze", "mel", {upright, net.integers({1})});
}

}  // namespace

Blueprint speech_embedding(const SpeechEmbeddingConfig& config) {
  GraphBuilder net("speech_embedding");
  net.input("samples", {"batch", config.samples()});
  net.stage("mel");
  std::string x = embedding_mel(net, config);
  for (std::size_t i = 0; i < kEmbeddingLayers.size(); ++i) {
    const EmbeddingLayer& layer = kEmbeddingLayers[i];
    const std::string name = fmt::format("conv{}", i);
    const bool last = i + 1 == kEmbeddingLayers.size();
    net.stage(name);
    std::vector<std::string> inputs{
        x, net.parameter(name + ".weight", {layer.out, net.shape_of(x)[1].size, layer.frames, layer.mels})};
    if (!last) inputs.push_back(net.parameter(name + ".bias", {layer.out}));
    const std::int64_t beside = layer.mels / 2;
    x = net.add("Conv", name, inputs, {{"pads", Ints{0, beside, 0, beside}}, {"strides", Ints{1, 1}}});
    if (last) break;
    x = net.add("LeakyRelu", name + ".leaky", {x}, {{"alpha", kLeak}});
    x = net.add("Max", name + ".act", {x, net.constant(Tensor::scalar(kLeastAnswer))});
    if (layer.pool_frames == 0) continue;
    const Ints pool{layer.pool_frames, layer.pool_mels};
    x = net.add("MaxPool", name + ".pool", {x}, {{"kernel_shape", pool}, {"strides", pool}});
  }
  net.output(net.add("Flatten", "embedding", {x}, {{"axis", std::int64_t{1}}}), "pooled");
  return std::move(net).finish();
}

}  // namespace enxerto
