#include "enxerto/media/audio/augment_sound.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <string>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/media/audio/audio_preprocessor.h"
#include "enxerto/media/audio/clip.h"
#include "enxerto/media/audio/sound_windows.h"
#include "enxerto/media/audio/utterance_preprocessor.h"
#include "enxerto/media/image/augment.h"
#include "enxerto/media/image/image_preprocessor.h"

namespace enxerto {
namespace {

constexpr std::size_t kSamples = 8'000;

std::vector<float> changed_wave(const Augmentation& augmentation, std::uint64_t example,
                                const std::vector<float>& wave = std::vector<float>(kSamples, 0.5F)) {
  std::vector<float> samples = wave;
  augment_sound(samples, 16'000, augmentation, {.seed = 5, .epoch = 2, .example = example, .purpose = {}});
  return samples;
}

TEST(AugmentSound, IsTheSameForTheSameKeyAndAnotherForAnother) {
  const Augmentation all{.gain = 6, .noise = 0.3, .time_shift = 0.2, .time_mask = 0.3, .frequency_mask = 0.2};
  EXPECT_EQ(changed_wave(all, 1), changed_wave(all, 1));
  EXPECT_NE(changed_wave(all, 1), changed_wave(all, 2));
  EXPECT_EQ(changed_wave({}, 1), std::vector<float>(kSamples, 0.5F));
}

TEST(AugmentSound, ChangesLoudnessByAtMostTheGain) {
  float lowest = 1, highest = 0;
  for (std::uint64_t example = 0; example < 200; ++example) {
    const std::vector<float> found = changed_wave({.gain = 6}, example);
    EXPECT_EQ(found.front(), found.back());
    lowest = std::min(lowest, found.front()), highest = std::max(highest, found.front());
  }
  EXPECT_GE(lowest, 0.5F * 0.501F);
  EXPECT_LE(highest, 0.5F * 1.996F);
  EXPECT_LT(lowest, 0.28F);
  EXPECT_GT(highest, 0.9F);
}

TEST(AugmentSound, AddsNoiseOfAtMostThatShareOfTheLoudness) {
  double loudest = 0;
  for (std::uint64_t example = 0; example < 30; ++example) {
    double squares = 0, sum = 0;
    for (const float sample : changed_wave({.noise = 0.2}, example)) {
      const double noise = static_cast<double>(sample) - 0.5;
      squares += noise * noise, sum += noise;
    }
    const double deviation = std::sqrt(squares / kSamples);
    EXPECT_LT(deviation, 0.1 * 1.05);
    EXPECT_LT(std::abs(sum / kSamples), 0.1 * 5 / std::sqrt(kSamples));
    loudest = std::max(loudest, deviation);
  }
  EXPECT_GT(loudest, 0.08);
}

TEST(AugmentSound, MovesAClipWithSilenceWhereNothingIsHeardAnyMore) {
  std::vector<float> wave(kSamples);
  std::iota(wave.begin(), wave.end(), 1.0F);
  bool earlier = false, later = false;
  for (std::uint64_t example = 0; example < 40; ++example) {
    const std::vector<float> found = changed_wave({.time_shift = 0.25}, example, wave);
    const auto silent = static_cast<std::size_t>(std::ranges::count(found, 0.0F));
    EXPECT_LE(silent, kSamples / 4);
    const bool is_later = found.front() == 0.0F;
    (is_later ? later : earlier) = true;
    for (std::size_t i = 0; i + silent < kSamples; ++i)
      ASSERT_EQ(is_later ? found[i + silent] : found[i], is_later ? wave[i] : wave[i + silent]) << example;
  }
  EXPECT_TRUE(earlier && later);
}

TEST(AugmentSound, SilencesOneSpanOfAtMostThatShare) {
  std::size_t longest = 0;
  for (std::uint64_t example = 0; example < 60; ++example) {
    const std::vector<float> found = changed_wave({.time_mask = 0.5}, example);
    const auto first = std::ranges::find(found, 0.0F);
    const auto end = std::find_if(first, found.end(), [](float sample) { return sample != 0; });
    EXPECT_EQ(std::count(end, found.end(), 0.0F), 0);
    longest = std::max(longest, static_cast<std::size_t>(end - first));
  }
  EXPECT_LE(longest, kSamples / 2);
  EXPECT_GT(longest, kSamples / 3);
}

/// Power of a sound at a frequency.
double power_at(const std::vector<float>& samples, double hertz) {
  double real = 0, imaginary = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double angle = 2 * std::numbers::pi * hertz * static_cast<double>(i) / 16'000;
    const double hann = 0.5 - 0.5 * std::cos(2 * std::numbers::pi * static_cast<double>(i) / kSamples);
    real += hann * static_cast<double>(samples[i]) * std::cos(angle);
    imaginary += hann * static_cast<double>(samples[i]) * std::sin(angle);
  }
  return real * real + imaginary * imaginary;
}

TEST(AugmentSound, SilencesABandOfPitchesAndLeavesTheOthers) {
  constexpr double kApart = 250;
  std::vector<float> pitches(kSamples);
  for (double hertz = kApart; hertz < 8'000; hertz += kApart)
    for (std::size_t i = 0; i < kSamples; ++i)
      pitches[i] += static_cast<float>(0.01 * std::sin(2 * std::numbers::pi * hertz * static_cast<double>(i) / 16'000));
  const double whole = power_at(pitches, kApart);
  std::size_t silent = 0, widest = 0;
  for (std::uint64_t example = 0; example < 20; ++example) {
    const std::vector<float> found = changed_wave({.frequency_mask = 0.5}, example, pitches);
    std::vector<double> left;
    for (double hertz = kApart; hertz < 8'000; hertz += kApart) left.push_back(power_at(found, hertz) / whole);
    const auto is_silent = [](double share) { return share < 1e-6; };
    const auto first = std::ranges::find_if(left, is_silent);
    const auto end = std::find_if_not(first, left.end(), is_silent);
    EXPECT_EQ(std::count_if(end, left.end(), is_silent), 0) << "one band";
    const std::ptrdiff_t between =
        std::ranges::count_if(left, [&](double share) { return !is_silent(share) && std::abs(share - 1) > 1e-3; });
    EXPECT_LE(between, 2) << "its two edges";
    silent += first != end ? 1U : 0U;
    widest = std::max(widest, static_cast<std::size_t>(end - first));
  }
  EXPECT_GT(silent, 10U);
  EXPECT_GT(widest, 10U);
  EXPECT_LT(widest, 26U);  // the upper half of the mel scale
}

TEST(AugmentSound, IsPartOfWhatEveryPreprocessorOfClipsGives) {
  const std::vector<std::byte> file = wav_file(std::vector<std::int16_t>(kSamples, 8'000), 16'000);
  const Field field{.medium = Medium::audio, .bytes = Tensor::copied(DType::u8, {std::ssize(file)}, file)};
  const Augmentation quieter{.gain = 20};
  for (const PreprocessorPtr& one : {audio_preprocessor({.samples = 4'000}, "test"), sound_windows({}, "test"),
                                     utterance_preprocessor({}, "test")}) {
    EXPECT_EQ(one->random_changes(quieter), (Json{{"gain", 20.0}}));
    const auto middle_sample = [&](const View& view) {
      OwnSlots slots(one->inputs());
      (void)one->encode(std::span(&field, 1), view, slots);
      return slots.take().front().as<float>()[2'000];
    };
    EXPECT_EQ(middle_sample({.where = "a.wav"}), 8'000.0F / 32'768);
    EXPECT_NE(middle_sample(
                  {.where = "a.wav", .augment = &quieter, .key = {.seed = 1, .epoch = 1, .example = 1, .purpose = {}}}),
              8'000.0F / 32'768);
    EXPECT_THROW((void)one->random_changes({.flip = true}), Error);
  }
}

TEST(AugmentSound, OfPicturesIsRefused) {
  const PreprocessorPtr pictures = image_preprocessor({});
  try {
    (void)pictures->random_changes({.time_mask = 0.2});
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("for clips only"), std::string::npos) << error.what();
  }
  EXPECT_THROW(check(Augmentation{.gain = 61}, "recipe.toml"), Error);
}

}  // namespace
}  // namespace enxerto
