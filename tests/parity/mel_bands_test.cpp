#include "enxerto/zoo/mel_bands.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>
#include <string>
#include <vector>

#include "enxerto/base/to_size.h"
#include "enxerto/engine/executor.h"
#include "enxerto/zoo/log_mel.h"

namespace enxerto {
namespace {

/// A loud low pitch above a noise that is 100 dB below it.
std::vector<float> loud_and_silent(std::size_t count, double rate) {
  std::mt19937_64 random(5);
  std::vector<float> samples;
  for (std::size_t i = 0; i < count; ++i) {
    const double noise = static_cast<double>(random() % 20'001) / 1e4 - 1;
    const double tone = std::sin(2 * std::numbers::pi * 310 * static_cast<double>(i) / rate);
    samples.push_back(static_cast<float>(0.8 * tone + 8e-6 * noise));
  }
  return samples;
}

/// The logarithm of the power in each band of the first frame, all in double precision.
std::vector<double> logarithms_in_double(const LogMel& spec, const std::vector<float>& samples) {
  const std::vector<double> waves[]{log_mel_cosines(spec), log_mel_sines(spec)};
  const std::vector<float> triangles = log_mel_triangles(spec);
  const std::size_t bins = to_size(spec.fft / 2 + 1), window = to_size(spec.window);
  std::vector<double> power(bins);
  for (const std::vector<double>& wave : waves)
    for (std::size_t bin = 0; bin < bins; ++bin) {
      double sum = 0;
      for (std::size_t i = 0; i < window; ++i) sum += wave[bin * window + i] * static_cast<double>(samples[i]);
      power[bin] += sum * sum;
    }
  std::vector<double> levels;
  for (std::size_t band = 0; band < to_size(spec.mels); ++band) {
    double sum = 0;
    for (std::size_t bin = 0; bin < bins; ++bin) sum += static_cast<double>(triangles[band * bins + bin]) * power[bin];
    levels.push_back(std::log(sum));
  }
  return levels;
}

TEST(MelBands, TheRoundingOfALoudPitchIsNotHeardInSilentOnes) {
  const LogMel spec{.rate = 16'000, .fft = 512, .window = 400, .hop = 160, .mels = 40};
  const std::vector<float> samples = loud_and_silent(to_size(spec.window), 16'000);
  GraphBuilder net("mel");
  const std::string row = net.input("samples", {"batch", 1, spec.window});
  net.stage("mel");
  net.output(net.add("Log", "levels", {mel_bands(net, row, mel_bands_of(spec, "mel"))}), "levels");
  const Graph graph = std::move(net).finish().fill(mel_constants(spec, "mel"));
  const Tensor found = compile(graph, {})->run(Tensor::of<float>({1, 1, spec.window}, std::span<const float>(samples)));
  const std::vector<double> wanted = logarithms_in_double(spec, samples);
  const auto [least, most] = std::ranges::minmax(wanted);
  ASSERT_GT(most - least, std::log(1e9));  // so many times as loud
  for (std::size_t i = 0; i < wanted.size(); ++i)
    EXPECT_NEAR(static_cast<double>(found.as<float>()[i]), wanted[i], 1e-5 * std::max(most, -least)) << i;
}

}  // namespace
}  // namespace enxerto
