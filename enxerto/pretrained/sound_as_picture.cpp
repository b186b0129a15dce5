#include "enxerto/pretrained/sound_as_picture.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/to_size.h"
#include "enxerto/graph/bilinear_resize.h"
#include "enxerto/graph/builder.h"
#include "enxerto/graph/cut.h"
#include "enxerto/media/audio/audio_preprocessor.h"
#include "enxerto/media/image/preprocess.h"
#include "enxerto/zoo/log_mel.h"

namespace enxerto {
namespace {

constexpr std::int64_t kUsualRate = 16'000;
constexpr double kShortestHeard = 0.25, kLongestHeard = 10, kStep = 0.25;  // seconds

/// Of ImageNet's pixels, red, green and blue, 0 to 1.
constexpr std::array<float, 3> kPixelMean{0.485F, 0.456F, 0.406F}, kPixelDeviation{0.229F, 0.224F, 0.225F};

/// Mean 0 and deviation 1 over each picture; a picture of less than 1 dB of deviation is silence or one long tone and
/// stays as even as it is.
std::string standardised(GraphBuilder& net, const std::string& picture) {
  const std::string all = net.integers({1, 2, 3});
  const std::string mean = net.add("ReduceMean", "log_mel.mean", {picture, all});
  const std::string centred = net.add("Sub", "log_mel.centred", {picture, mean});
  const std::string squares = net.add("Mul", "log_mel.squares", {centred, centred});
  const std::string variance = net.add("ReduceMean", "log_mel.variance", {squares, all});
  const std::string deviation = net.add("Sqrt", "log_mel.deviation", {variance});
  const std::string least = net.add("Max", "log_mel.scale", {deviation, net.constant(Tensor::scalar(1.0F))});
  return net.add("Div", "log_mel.standardised", {centred, least});
}

/// (1, 3, 1, 1), by channel in the network's order.
std::string by_channel(GraphBuilder& net, const ImagePreprocess& pixels,
                       float (*value)(const ImagePreprocess&, std::size_t, std::size_t)) {
  std::array<float, 3> values{};
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = value(pixels, i, pixels.channels == ImagePreprocess::Channels::rgb ? i : 2 - i);
  return net.constant(Tensor::of<float>({1, 3, 1, 1}, std::span<const float>(values)));
}

float scale_of(const ImagePreprocess& pixels, std::size_t channel, std::size_t colour) {
  return kPixelDeviation[colour] * 255 / pixels.divisor / pixels.deviation[channel];
}

float shift_of(const ImagePreprocess& pixels, std::size_t channel, std::size_t colour) {
  return (kPixelMean[colour] * 255 / pixels.divisor - pixels.mean[channel]) / pixels.deviation[channel];
}

Graph drawing(const AudioPreprocess& sound, const ImagePreprocess& pixels, const std::string& input) {
  const LogMel spec = log_mel_at(sound.rate);
  GraphBuilder net("log_mel");
  const std::string samples = net.input("samples", {"batch", sound.samples});
  net.stage("log_mel");
  const std::string even = standardised(net, log_mel(net, samples, spec));
  const std::string stretched = net.add("Resize", "log_mel.stretched",
                                        {even, "", "", net.integers({pixels.size, pixels.size})}, bilinear_resize());
  const std::string scaled = net.add("Mul", "log_mel.scaled", {stretched, by_channel(net, pixels, scale_of)});
  net.output(net.add("Add", "log_mel.picture", {scaled, by_channel(net, pixels, shift_of)}), input);
  return std::move(net).finish().fill(log_mel_parameters(spec));
}

}  // namespace

Json sound_settings(std::span<const FieldFacts> clips) {
  std::vector<double> seconds;
  std::int64_t rate = 0;
  for (const FieldFacts& clip : clips) {
    seconds.push_back(clip.seconds);
    rate = std::max(rate, clip.rate);
  }
  std::ranges::sort(seconds);
  const double most = seconds.empty() ? 1 : seconds[(seconds.size() - 1) * 19 / 20];
  return {{"kind", "audio"},
          {"rate", rate == 0 ? kUsualRate : std::min(rate, kUsualRate)},
          {"seconds", std::clamp(std::ceil(most / kStep) * kStep, kShortestHeard, kLongestHeard)}};
}

Backbone sound_as_picture(const Backbone& network, const Json& record, std::string_view where) {
  Json members = record;
  members.erase("kind");
  const AudioPreprocess sound = audio_preprocess_from_json(members, where);
  const ImagePreprocess pixels = image_preprocess_from_json(network.spec.preprocessor->record(), where);
  Backbone heard = network;
  heard.spec.preprocessor = audio_preprocessor(sound, where);
  heard.graph = join(drawing(sound, pixels, network.graph.inputs.front().name), network.graph);
  heard.graph.name = network.graph.name;
  return heard;
}

}  // namespace enxerto
