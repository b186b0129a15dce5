#include "enxerto/zoo/log_mel.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>
#include <vector>

#include "enxerto/base/to_size.h"

namespace enxerto {
namespace {

constexpr double kLinearStep = 200.0 / 3, kBreak = 1'000, kBreakMel = 15;  // Hz a mel below the break, Hz, mels
const double kLogStep = std::log(6.4) / 27;

double slaney_mel(double hertz) {
  return hertz < kBreak ? hertz / kLinearStep : kBreakMel + std::log(hertz / kBreak) / kLogStep;
}

double slaney_hertz(double mel) {
  return mel < kBreakMel ? mel * kLinearStep : kBreak * std::exp(kLogStep * (mel - kBreakMel));
}

std::int64_t bins(const LogMel& spec) { return spec.fft / 2 + 1; }

/// The Hann window times `wave` of each bin's angle. Where in the transform the window lies turns the phase only, which
/// the power does not have.
std::vector<double> basis(const LogMel& spec, double (*wave)(double)) {
  std::vector<double> values;
  values.reserve(to_size(bins(spec) * spec.window));
  constexpr double kTurn = 2 * std::numbers::pi;
  for (std::int64_t bin = 0; bin < bins(spec); ++bin) {
    for (std::int64_t i = 0; i < spec.window; ++i) {
      const double hann = 0.5 - 0.5 * std::cos(kTurn * static_cast<double>(i) / static_cast<double>(spec.window));
      const double angle = kTurn * static_cast<double>(bin * i % spec.fft) / static_cast<double>(spec.fft);
      values.push_back(hann * wave(angle));
    }
  }
  return values;
}

double cosine(double angle) { return std::cos(angle); }
double sine(double angle) { return -std::sin(angle); }

}  // namespace

std::vector<double> log_mel_cosines(const LogMel& spec) { return basis(spec, cosine); }

std::vector<double> log_mel_sines(const LogMel& spec) { return basis(spec, sine); }

std::vector<float> log_mel_triangles(const LogMel& spec) {
  const double lowest = slaney_mel(spec.lowest);
  const double highest = slaney_mel(spec.highest > 0 ? spec.highest : static_cast<double>(spec.rate) / 2);
  const double step = (highest - lowest) / (static_cast<double>(spec.mels) + 1);
  std::vector<float> values;
  for (std::int64_t band = 0; band < spec.mels; ++band) {
    const auto edge = [&](std::int64_t number) {
      return slaney_hertz(lowest + static_cast<double>(band + number) * step);
    };
    const double low = edge(0), middle = edge(1), high = edge(2);
    for (std::int64_t bin = 0; bin < bins(spec); ++bin) {
      const double hertz = static_cast<double>(bin * spec.rate) / static_cast<double>(spec.fft);
      const double height = std::min((hertz - low) / (middle - low), (high - hertz) / (high - middle));
      values.push_back(static_cast<float>(std::max(0.0, height) * 2 / (high - low)));
    }
  }
  return values;
}

LogMel log_mel_at(std::int64_t rate) {
  constexpr double kWindow = 0.025, kHop = 0.01, kTransform = 0.064;
  const auto of = [&](double seconds) { return seconds * static_cast<double>(rate); };
  return {.rate = rate,
          .fft = static_cast<std::int64_t>(std::bit_ceil(static_cast<std::uint64_t>(std::llround(of(kTransform))))),
          .window = 2 * std::llround(of(kWindow) / 2),
          .hop = std::llround(of(kHop))};
}

MelBands mel_bands_of(const LogMel& spec, const std::string& name) {
  return {.name = name, .window = spec.window, .hop = spec.hop, .bins = bins(spec), .mels = spec.mels};
}

namespace {

std::string power_of_mels(GraphBuilder& net, const std::string& samples, const LogMel& spec, std::int64_t silence) {
  MelBands bands = mel_bands_of(spec, "log_mel");
  bands.before = bands.behind = silence;
  return mel_bands(net, net.add("Unsqueeze", "log_mel.row", {samples, net.integers({1})}), bands);
}

}  // namespace

std::string mel_power(GraphBuilder& net, const std::string& samples, const LogMel& spec) {
  return power_of_mels(net, samples, spec, 0);
}

std::string log_mel(GraphBuilder& net, const std::string& samples, const LogMel& spec) {
  const std::string mels = power_of_mels(net, samples, spec, spec.window / 2);
  const std::string upright = net.add("Unsqueeze", "log_mel.upright", {mels, net.integers({1})});
  const std::string level = level_of_power(net, upright, "log_mel", kDecibels);
  const std::string loudest = net.add("ReduceMax", "log_mel.loudest", {level, net.integers({1, 2, 3})});
  const std::string floor = net.add("Sub", "log_mel.floor", {loudest, net.constant(Tensor::scalar(spec.range))});
  return net.add("Max", "log_mel", {level, floor});
}

StateDict log_mel_parameters(const LogMel& spec) { return mel_constants(spec, "log_mel"); }

void set_waves(StateDict& constants, const LogMel& spec, const std::string& name) {
  const MelBands bands = mel_bands_of(spec, name);
  set_wave(constants, bands, "cosine", log_mel_cosines(spec));
  set_wave(constants, bands, "sine", log_mel_sines(spec));
}

StateDict mel_constants(const LogMel& spec, const std::string& name) {
  StateDict constants;
  set_waves(constants, spec, name);
  const std::vector<float> triangles = log_mel_triangles(spec);
  constants.set(name + ".bands", Tensor::of<float>({spec.mels, bins(spec), 1}, std::span<const float>(triangles)));
  return constants;
}

}  // namespace enxerto
