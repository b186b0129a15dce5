#include "enxerto/zoo/yamnet.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "enxerto/graph/builder.h"
#include "enxerto/zoo/log_mel.h"
#include "enxerto/zoo/mel_bands.h"

namespace enxerto {
namespace {

constexpr float kYamnetEpsilon = 1e-4F;
/// Of layer1 .. layer14.
constexpr std::array<std::int64_t, 14> kYamnetStrides{2, 1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1};

std::string yamnet_convolution(GraphBuilder& net, const std::string& x, ConvSpec spec) {
  spec.padding = Padding::same;
  const std::string answer = net.batch_norm(net.conv(x, spec), spec.name + ".bn", kYamnetEpsilon);
  return net.relu(answer, spec.name + ".relu");
}

/// (batch, samples) to (batch, 1, frames, mels).
std::string yamnet_patch(GraphBuilder& net, const YamnetConfig& config) {
  const std::string row = net.add("Unsqueeze", "mel.row", {"samples", net.integers({1})});
  const std::string bands = mel_bands(net, row,
                                      {.name = "mel",
                                       .window = config.window,
                                       .hop = config.hop,
                                       .bins = config.fft / 2 + 1,
                                       .mels = config.mels,
                                       .power = false});
  const std::string raised = net.add("Add", "mel.raised", {bands, net.constant(Tensor::scalar(config.offset))});
  const std::string upright = net.add("Transpose", "mel.upright", {net.add("Log", "mel.logarithm", {raised})},
                                      {{"perm", std::vector<std::int64_t>{0, 2, 1}}});
  return net.add("Unsqueeze", "mel", {upright, net.integers({1})});
}

/// In float32 as TensorFlow computes it: where a band's slope is near 0, that is not the same.
float htk_mel(float hertz) { return 1'127.0F * std::log(1.0F + hertz / 700.0F); }

/// Place number `i` of `count` from `first` to `last`, as tf.linspace has it.
float place(float first, float last, std::int64_t count, std::int64_t i) {
  if (i + 1 == count) return last;
  return first + (last - first) / static_cast<float>(count - 1) * static_cast<float>(i);
}

/// Triangles in mels; the lowest frequency, 0, is in none.
Tensor tensorflow_triangles(const YamnetConfig& config) {
  const float lowest = htk_mel(static_cast<float>(config.lowest)),
              highest = htk_mel(static_cast<float>(config.highest));
  const std::int64_t bins = config.fft / 2 + 1;
  std::vector<float> values;
  for (std::int64_t band = 0; band < config.mels; ++band) {
    const auto edge = [&](std::int64_t number) { return place(lowest, highest, config.mels + 2, band + number); };
    const float low = edge(0), centre = edge(1), high = edge(2);
    for (std::int64_t bin = 0; bin < bins; ++bin) {
      const float mel = htk_mel(place(0, static_cast<float>(config.rate) / 2, bins, bin));
      const float height = std::min((mel - low) / (centre - low), (high - mel) / (high - centre));
      values.push_back(bin == 0 ? 0 : std::max(0.0F, height));
    }
  }
  return Tensor::of<float>({config.mels, bins, 1}, std::span<const float>(values));
}

}  // namespace

Blueprint yamnet(const YamnetConfig& config) {
  GraphBuilder net("yamnet");
  net.input("samples", {"batch", config.samples()});
  net.stage("mel");
  std::string x = yamnet_patch(net, config);
  for (std::size_t i = 0; i < config.channels.size(); ++i) {
    const std::string name = fmt::format("layer{}", i + 1);
    net.stage(name);
    if (i == 0) {
      x = yamnet_convolution(
          net, x, {.name = name + ".conv", .out = config.channels[i], .kernel = 3, .stride = kYamnetStrides[i]});
      continue;
    }
    const std::int64_t before = config.channels[i - 1];
    x = yamnet_convolution(
        net, x,
        {.name = name + ".depthwise_conv", .out = before, .kernel = 3, .stride = kYamnetStrides[i], .groups = before});
    x = yamnet_convolution(net, x, {.name = name + ".pointwise_conv", .out = config.channels[i]});
  }
  net.output(net.global_average_pool(x, "embedding"), "pooled");
  return std::move(net).finish();
}

StateDict yamnet_constants(const YamnetConfig& config) {
  StateDict constants;
  set_waves(constants, {.rate = config.rate, .fft = config.fft, .window = config.window, .hop = config.hop}, "mel");
  constants.set("mel.bands", tensorflow_triangles(config));
  return constants;
}

}  // namespace enxerto
