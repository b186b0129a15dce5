#include "enxerto/media/audio/augment_sound.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/to_size.h"
#include "enxerto/media/image/augment.h"

namespace enxerto {
namespace {

using A = Augmentation;

constexpr std::array kSoundSettings{
    Setting<A>{"gain", [](A& a) -> SettingSlot { return &a.gain; }, "of sounds: up to so many dB louder or quieter",
               from_to(0, 60)},
    Setting<A>{"noise", [](A& a) -> SettingSlot { return &a.noise; },
               "of sounds: white noise, up to this share of the clip's loudness", from_to(0, 10)},
    Setting<A>{"time_shift", [](A& a) -> SettingSlot { return &a.time_shift; },
               "of sounds: up to this share of the clip earlier or later", from_to(0, 1)},
    Setting<A>{"time_mask", [](A& a) -> SettingSlot { return &a.time_mask; },
               "of sounds: a span of silence, up to this share of the clip (SpecAugment, Park et al. 2019)",
               from_to(0, 1)},
    Setting<A>{"frequency_mask", [](A& a) -> SettingSlot { return &a.frequency_mask; },
               "of sounds: a band of silence, up to this share of the mel scale (SpecAugment)", from_to(0, 1)},
};

/// Between -1 and 1.
double either_way(Rng& rng) { return 2 * rng.uniform() - 1; }

double root_mean_square(const std::vector<float>& samples) {
  double squares = 0;
  for (const float sample : samples) squares += static_cast<double>(sample) * static_cast<double>(sample);
  return std::sqrt(squares / static_cast<double>(std::max<std::size_t>(1, samples.size())));
}

void change_gain(std::vector<float>& samples, std::int64_t /*rate*/, double gain, Rng rng) {
  constexpr double kOfAmplitude = 20;  // dB a power of ten
  const auto factor = static_cast<float>(std::pow(10, gain * either_way(rng) / kOfAmplitude));
  for (float& sample : samples) sample *= factor;
}

void shift_time(std::vector<float>& samples, std::int64_t /*rate*/, double share, Rng rng) {
  const auto count = std::ssize(samples);
  const std::int64_t later = std::llround(share * either_way(rng) * static_cast<double>(count));
  std::vector<float> shifted(samples.size());
  for (std::int64_t i = std::max<std::int64_t>(0, later); i < std::min(count, count + later); ++i)
    shifted[to_size(i)] = samples[to_size(i - later)];
  samples = std::move(shifted);
}

/// Normal numbers by Box and Muller (1958).
void add_noise(std::vector<float>& samples, std::int64_t /*rate*/, double share, Rng rng) {
  const double deviation = share * rng.uniform() * root_mean_square(samples);
  for (std::size_t i = 0; i < samples.size(); i += 2) {
    const double radius = deviation * std::sqrt(-2 * std::log(1 - rng.uniform()));
    const double angle = 2 * std::numbers::pi * rng.uniform();
    samples[i] += static_cast<float>(radius * std::cos(angle));
    if (i + 1 < samples.size()) samples[i + 1] += static_cast<float>(radius * std::sin(angle));
  }
}

void mask_time(std::vector<float>& samples, std::int64_t /*rate*/, double share, Rng rng) {
  const auto count = static_cast<double>(samples.size());
  const auto width = static_cast<std::ptrdiff_t>(share * rng.uniform() * count);
  const auto start = static_cast<std::ptrdiff_t>(rng.uniform() * (count - static_cast<double>(width)));
  std::fill_n(samples.begin() + start, width, 0.0F);
}

/// What lets the frequencies between `low` and `high`, in cycles a sample, through, without phase: the upper half of a
/// symmetric filter. Ideal, under a Blackman window.
std::vector<float> upper_half_of_band(double low, double high, std::size_t reach) {
  constexpr double kTurn = 2 * std::numbers::pi;
  std::vector<float> half{static_cast<float>(2 * (high - low))};
  for (std::size_t i = 1; i <= reach; ++i) {
    const auto place = static_cast<double>(i);
    const double ideal = (std::sin(kTurn * high * place) - std::sin(kTurn * low * place)) / (std::numbers::pi * place);
    const double share = std::numbers::pi * place / static_cast<double>(reach + 1);
    half.push_back(static_cast<float>(ideal * (0.42 + 0.5 * std::cos(share) + 0.08 * std::cos(2 * share))));
  }
  return half;
}

void take_out(std::vector<float>& samples, const std::vector<float>& half) {
  const std::size_t count = samples.size(), reach = half.size() - 1;
  std::vector<float> padded(count + 2 * reach);
  std::ranges::copy(samples, padded.begin() + static_cast<std::ptrdiff_t>(reach));
  const auto add = [&](float factor, std::size_t from) {
    for (std::size_t i = 0; i < count; ++i) samples[i] -= factor * padded[from + i];
  };
  add(half[0], reach);
  for (std::size_t i = 1; i <= reach; ++i) {
    add(half[i], reach - i);
    add(half[i], reach + i);
  }
}

void mask_frequencies(std::vector<float>& samples, std::int64_t rate, double share, Rng rng) {
  constexpr double kMel = 1'127, kBreak = 700, kReach = 0.016;  // HTK's mels; s
  const double top = kMel * std::log(1 + static_cast<double>(rate) / 2 / kBreak);
  const double width = share * rng.uniform() * top, low = rng.uniform() * (top - width);
  const auto cycles = [&](double mel) { return kBreak * (std::exp(mel / kMel) - 1) / static_cast<double>(rate); };
  const auto reach = static_cast<std::size_t>(std::llround(kReach * static_cast<double>(rate)));
  take_out(samples, upper_half_of_band(cycles(low), cycles(low + width), reach));
}

/// A change, in the order in which they are made.
struct SoundStep {
  double A::* amount;
  std::string_view purpose;  ///< of its random numbers, which no other step has
  void (*apply)(std::vector<float>& samples, std::int64_t rate, double amount, Rng rng);
};
constexpr std::array kSoundSteps{
    SoundStep{&A::gain, "gain", change_gain}, SoundStep{&A::time_shift, "time_shift", shift_time},
    SoundStep{&A::noise, "noise", add_noise}, SoundStep{&A::time_mask, "time_mask", mask_time},
    SoundStep{&A::frequency_mask, "frequency_mask", mask_frequencies}};

}  // namespace

std::span<const Setting<Augmentation>> sound_settings() { return kSoundSettings; }

bool changes_sounds(const Augmentation& augmentation) {
  return std::ranges::any_of(kSoundSteps, [&](const SoundStep& step) { return augmentation.*step.amount > 0; });
}

Augmentation without_sound_changes(Augmentation augmentation) {
  for (const SoundStep& step : kSoundSteps) augmentation.*step.amount = 0;
  return augmentation;
}

Json sound_changes(const Augmentation& augmentation) {
  check(augmentation, "augmentation");
  if (changes_pictures(augmentation))
    throw usage_error("augmentation", "augmentation of pictures",
                      "gain, noise, time_shift, time_mask or frequency_mask, for clips", "leave it out");
  Json json = Json::object();
  for (const SoundStep& step : kSoundSteps)
    if (augmentation.*step.amount > 0) json[std::string(step.purpose)] = augmentation.*step.amount;
  return json;
}

void refuse_sound_changes(const Augmentation& augmentation, const std::string& inputs) {
  if (changes_sounds(augmentation))
    throw usage_error(
        "augmentation", "augmentation of sounds",
        fmt::format("gain, noise, time_shift, time_mask and frequency_mask for clips only, not for the inputs {}",
                    inputs),
        "leave it out");
}

void augment_sound(std::vector<float>& samples, std::int64_t rate, const Augmentation& augmentation,
                   const RandomKey& key) {
  for (const SoundStep& step : kSoundSteps)
    if (augmentation.*step.amount > 0)
      step.apply(samples, rate, augmentation.*step.amount, Rng({key.seed, key.epoch, key.example, step.purpose}));
}

}  // namespace enxerto
