#include "enxerto/media/audio/spectrogram.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <vector>

namespace enxerto {
namespace {

constexpr double kLowest = 60, kWindow = 0.025, kRange = 60;  // Hz, seconds, dB

double mel(double hertz) { return 2595 * std::log10(1 + hertz / 700); }
double hertz(double mel) { return 700 * (std::pow(10, mel / 2595) - 1); }

/// dB of one frequency in the Hann window of `size` samples that begins at `begin`, by Goertzel's recurrence.
double loudness(std::span<const float> samples, std::int64_t begin, const std::vector<float>& window, double angle) {
  const double twice = 2 * std::cos(angle);
  double now = 0, before = 0;
  for (std::size_t i = 0; i < window.size(); ++i) {
    const std::int64_t at = begin + static_cast<std::int64_t>(i);
    const float sample = at < 0 || at >= std::ssize(samples) ? 0 : samples[static_cast<std::size_t>(at)];
    const double next = sample * window[i] + twice * now - before;
    before = now;
    now = next;
  }
  const double power = now * now + before * before - twice * now * before;
  return 10 * std::log10(std::max(power, 1e-12));
}

}  // namespace

Image spectrogram(std::span<const float> samples, std::int64_t rate, int width, int height) {
  const auto size = static_cast<std::size_t>(std::max(8.0, kWindow * static_cast<double>(rate)));
  std::vector<float> window(size);
  for (std::size_t i = 0; i < size; ++i)
    window[i] = static_cast<float>(
        0.5 - 0.5 * std::cos(2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(size)));
  const double low = mel(kLowest), high = mel(static_cast<double>(rate) / 2);
  std::vector<double> levels(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
  for (int column = 0; column < width; ++column) {
    const std::int64_t middle = (2 * column + 1) * std::ssize(samples) / (2 * width);
    for (int row = 0; row < height; ++row) {
      const double pitch = hertz(high - (high - low) * (row + 0.5) / height);
      levels[static_cast<std::size_t>(row) * static_cast<std::size_t>(width) + static_cast<std::size_t>(column)] =
          loudness(samples, middle - static_cast<std::int64_t>(size / 2), window,
                   2 * std::numbers::pi * pitch / static_cast<double>(rate));
    }
  }
  const double loudest = *std::ranges::max_element(levels);
  Image image{.width = width, .height = height, .pixels = {}};
  for (const double level : levels) {
    const double share = std::clamp(1 + (level - loudest) / kRange, 0.0, 1.0);
    image.pixels.insert(image.pixels.end(), 3, static_cast<std::uint8_t>(std::lround(255 * share)));
  }
  return image;
}

}  // namespace enxerto
