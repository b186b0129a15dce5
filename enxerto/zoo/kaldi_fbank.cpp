#include "enxerto/zoo/kaldi_fbank.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>
#include <numeric>
#include <span>
#include <vector>

#include "enxerto/base/to_size.h"
#include "enxerto/zoo/frame_products.h"
#include "enxerto/zoo/log_mel.h"

namespace enxerto {
namespace {

using Ints = std::vector<std::int64_t>;

constexpr std::int64_t kSinglePrecision = 1;  // of ONNX's Cast
constexpr double kEmphasis = 0.97, kLowest = 20;
constexpr float kLeastEnergy = 1.1920928955078125e-07F;

std::int64_t fbank_bins(const KaldiFbank& spec) { return spec.fft() / 2 + 1; }

/// What a window's samples are multiplied by to give one number of the transform: taking off the mean and emphasising
/// are linear too.
std::vector<double> weights_of_samples(std::vector<double> windowed) {
  const std::size_t count = windowed.size();
  std::vector<double> weights(count);
  for (std::size_t i = 0; i < count; ++i) weights[i] = windowed[i] - (i + 1 < count ? kEmphasis * windowed[i + 1] : 0);
  weights[0] -= kEmphasis * windowed[0];  // before the first sample there is the first
  const double mean = std::accumulate(weights.begin(), weights.end(), 0.0) / static_cast<double>(count);
  for (double& weight : weights) weight -= mean;
  return weights;
}

Tensor fbank_waves(const KaldiFbank& spec, double (*wave)(double)) {
  const std::int64_t window = spec.window(), fft = spec.fft();
  constexpr double kTurn = 2 * std::numbers::pi;
  std::vector<float> values;
  for (std::int64_t bin = 0; bin < fbank_bins(spec); ++bin) {
    std::vector<double> windowed;
    for (std::int64_t i = 0; i < window; ++i) {
      const double hann = 0.5 - 0.5 * std::cos(kTurn * static_cast<double>(i) / static_cast<double>(window - 1));
      windowed.push_back(hann * wave(kTurn * static_cast<double>(bin * i % fft) / static_cast<double>(fft)));
    }
    for (const double weight : weights_of_samples(std::move(windowed))) values.push_back(static_cast<float>(weight));
  }
  return Tensor::of<float>({fbank_bins(spec), 1, window}, std::span<const float>(values));
}

double kaldi_mel(double hertz) { return 1'127 * std::log(1 + hertz / 700); }

Tensor mel_triangles(const KaldiFbank& spec) {
  const double lowest = kaldi_mel(kLowest), highest = kaldi_mel(static_cast<double>(spec.rate) / 2);
  const double step = (highest - lowest) / static_cast<double>(spec.mels + 1);
  std::vector<float> values;
  for (std::int64_t band = 0; band < spec.mels; ++band) {
    const double begin = lowest + static_cast<double>(band) * step;
    for (std::int64_t bin = 0; bin < fbank_bins(spec); ++bin) {
      const double mel = kaldi_mel(static_cast<double>(bin * spec.rate) / static_cast<double>(spec.fft()));
      const double up = (mel - begin) / step, down = (begin + 2 * step - mel) / step;
      // Kaldi's banks end before the highest bin.
      values.push_back(bin + 1 == fbank_bins(spec) ? 0 : static_cast<float>(std::max(0.0, std::min(up, down))));
    }
  }
  return Tensor::of<float>({spec.mels, fbank_bins(spec), 1}, std::span<const float>(values));
}

/// (batch, 1, frames): 1 where a frame's window ends in the clip.
std::string frames_there(GraphBuilder& net, const std::string& count, const KaldiFbank& spec) {
  Ints ends(to_size(spec.frames));
  for (std::size_t i = 0; i < ends.size(); ++i) ends[i] = spec.window() + spec.hop() * static_cast<std::int64_t>(i);
  const std::string inside = net.add("LessOrEqual", "fbank.inside", {net.integers(ends), count});
  return net.add("Unsqueeze", "fbank.frames",
                 {net.add("Cast", "fbank.there", {inside}, {{"to", kSinglePrecision}}), net.integers({1})});
}

}  // namespace

std::int64_t KaldiFbank::fft() const {
  return static_cast<std::int64_t>(std::bit_ceil(static_cast<std::uint64_t>(window())));
}

std::int64_t KaldiFbank::samples() const { return window() + hop() * (frames - 1); }

std::string kaldi_fbank(GraphBuilder& net, const std::string& samples, const std::string& count,
                        const KaldiFbank& spec) {
  const std::string row = net.add("Unsqueeze", "fbank.row", {samples, net.integers({1})});
  const auto power = [&](const std::string& name) {
    const std::string kernel = fixed_parameter(net, "fbank." + name, {fbank_bins(spec), 1, spec.window()});
    const std::string part = frame_products(net, row, kernel, "fbank." + name + ".part", spec.hop());
    return net.add("Mul", "fbank." + name + ".power", {part, part});
  };
  const std::string both = net.add("Add", "fbank.power", {power("cosine"), power("sine")});
  const std::string bands =
      net.add("Conv", "fbank.mels", {both, fixed_parameter(net, "fbank.bands", {spec.mels, fbank_bins(spec), 1})});
  const std::string heard = net.add("Max", "fbank.heard", {bands, net.constant(Tensor::scalar(kLeastEnergy))});
  const std::string logarithm = net.add("Log", "fbank.logarithm", {heard});
  return net.add("Mul", "fbank", {logarithm, frames_there(net, count, spec)});
}

StateDict kaldi_fbank_parameters(const KaldiFbank& spec) {
  StateDict parameters;
  parameters.set("fbank.cosine", fbank_waves(spec, [](double angle) { return std::cos(angle); }));
  parameters.set("fbank.sine", fbank_waves(spec, [](double angle) { return -std::sin(angle); }));
  parameters.set("fbank.bands", mel_triangles(spec));
  return parameters;
}

}  // namespace enxerto
