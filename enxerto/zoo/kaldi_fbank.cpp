#include "enxerto/zoo/kaldi_fbank.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>
#include <numeric>
#include <span>
#include <vector>

#include "enxerto/base/to_size.h"
#include "enxerto/zoo/mel_bands.h"

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

std::vector<double> fbank_waves(const KaldiFbank& spec, double (*wave)(double)) {
  const std::int64_t window = spec.window(), fft = spec.fft();
  constexpr double kTurn = 2 * std::numbers::pi;
  std::vector<double> values;
  for (std::int64_t bin = 0; bin < fbank_bins(spec); ++bin) {
    std::vector<double> windowed;
    for (std::int64_t i = 0; i < window; ++i) {
      const double hann = 0.5 - 0.5 * std::cos(kTurn * static_cast<double>(i) / static_cast<double>(window - 1));
      windowed.push_back(hann * wave(kTurn * static_cast<double>(bin * i % fft) / static_cast<double>(fft)));
    }
    const std::vector<double> weights = weights_of_samples(std::move(windowed));
    values.insert(values.end(), weights.begin(), weights.end());
  }
  return values;
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

MelBands fbank_spec(const KaldiFbank& spec) {
  return {.name = "fbank", .window = spec.window(), .hop = spec.hop(), .bins = fbank_bins(spec), .mels = spec.mels};
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
  const std::string bands = mel_bands(net, row, fbank_spec(spec));
  const std::string heard = net.add("Max", "fbank.heard", {bands, net.constant(Tensor::scalar(kLeastEnergy))});
  const std::string logarithm = net.add("Log", "fbank.logarithm", {heard});
  return net.add("Mul", "fbank", {logarithm, frames_there(net, count, spec)});
}

StateDict kaldi_fbank_parameters(const KaldiFbank& spec) {
  StateDict parameters;
  const MelBands bands = fbank_spec(spec);
  set_wave(parameters, bands, "cosine", fbank_waves(spec, [](double angle) { return std::cos(angle); }));
  set_wave(parameters, bands, "sine", fbank_waves(spec, [](double angle) { return -std::sin(angle); }));
  parameters.set("fbank.bands", mel_triangles(spec));
  return parameters;
}

}  // namespace enxerto
