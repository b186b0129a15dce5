#include "enxerto/media/audio/clip.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <numbers>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

std::vector<std::int16_t> tone(std::size_t samples, double hertz, std::int64_t rate) {
  std::vector<std::int16_t> wave(samples);
  for (std::size_t i = 0; i < samples; ++i)
    wave[i] = static_cast<std::int16_t>(std::lround(
        16'384 * std::sin(2 * std::numbers::pi * hertz * static_cast<double>(i) / static_cast<double>(rate))));
  return wave;
}

std::string refusal(std::span<const std::byte> file) {
  try {
    (void)decode_clip(file, "a.wav");
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::data);
    return error.what();
  }
  return "";
}

void put(std::vector<std::byte>& file, std::size_t at, const auto& value) {
  std::memcpy(file.data() + at, &value, sizeof value);
}

TEST(Clip, OfARateThatIsNoSoundIsRefused) {
  EXPECT_NE(refusal(wav_file(std::vector<std::int16_t>{1, 2, 3}, 1)).find("a.wav: 1 Hz"), std::string::npos);
  EXPECT_EQ(refusal(wav_file(std::vector<std::int16_t>{1, 2, 3}, 1'000)), "");
}

TEST(Clip, OfSixteenBitsIsReadAsSharesOfFullScale) {
  const std::vector<std::int16_t> wave{0, 16'384, -32'768, 1};
  const Clip clip = decode_clip(wav_file(wave, 8'000), "a.wav");
  EXPECT_EQ(clip.samples, (std::vector<float>{0, 0.5F, -1, 1.0F / 32'768}));
  EXPECT_EQ(clip.rate, 8'000);
  EXPECT_EQ(clip.channels, 1);
  EXPECT_EQ(clip.format, "WAV");
}

TEST(Clip, OfSeveralChannelsIsTheirMean) {
  std::vector<std::byte> file = wav_file(std::vector<std::int16_t>{16'384, 0, -16'384, 16'384}, 8'000);
  put(file, 22, std::uint16_t{2});       // channels
  put(file, 28, std::uint32_t{32'000});  // bytes a second
  put(file, 32, std::uint16_t{4});       // bytes a frame
  const Clip clip = decode_clip(file, "a.wav");
  EXPECT_EQ(clip.samples, (std::vector<float>{0.25F, 0}));
  EXPECT_EQ(clip.channels, 2);
}

TEST(Clip, OfEightBitsIsUnsignedAroundItsMiddle) {
  std::vector<std::byte> file = wav_file(std::vector<std::int16_t>{0x40C0}, 8'000);
  put(file, 28, std::uint32_t{8'000});
  put(file, 32, std::uint16_t{1});
  put(file, 34, std::uint16_t{8});
  EXPECT_EQ(decode_clip(file, "a.wav").samples, (std::vector<float>{0.5F, -0.5F}));
}

TEST(Clip, OfFloatsThatAreNoNumbersIsRefusedNamingTheSample) {
  std::vector<std::byte> file = wav_file(std::vector<std::int16_t>(6), 8'000);
  put(file, 20, std::uint16_t{3});  // IEEE floats
  put(file, 28, std::uint32_t{32'000});
  put(file, 32, std::uint16_t{4});
  put(file, 34, std::uint16_t{32});
  put(file, 48, std::nanf(""));
  EXPECT_NE(refusal(file).find("a.wav: sample 1 is nan"), std::string::npos) << refusal(file);
}

TEST(Clip, WhoseHeaderPromisesMoreThanThereIsIsRefused) {
  std::vector<std::byte> file = wav_file(tone(1'000, 440, 8'000), 8'000);
  file.resize(file.size() - 500);
  EXPECT_NE(refusal(file).find("1500 bytes of samples; expected 2000, as its header says"), std::string::npos)
      << refusal(file);
}

TEST(Clip, OfAStreamThatDidNotKnowItsLengthIsRead) {
  std::vector<std::byte> file = wav_file(tone(1'000, 440, 8'000), 8'000);
  put(file, 4, std::uint32_t{0xFFFFFFFF});
  put(file, 40, std::uint32_t{0xFFFFFFFF});
  EXPECT_EQ(decode_clip(file, "a.wav").samples.size(), 1'000U);
}

TEST(Clip, WithoutSamplesIsRefused) {
  EXPECT_NE(refusal(wav_file({}, 8'000)).find("a recording without samples"), std::string::npos);
}

TEST(Clip, ThatIsNoSoundIsRefusedWithWhatIsRead) {
  const std::vector<std::byte> text(100, std::byte{'x'});
  EXPECT_NE(refusal(text).find("100 bytes that are not a sound file"), std::string::npos);
  EXPECT_NE(refusal(text).find("FLAC, OGG, Opus, MP3"), std::string::npos);
  EXPECT_NE(refusal({}).find("0 bytes that are not a sound file"), std::string::npos);
}

TEST(Clip, OfTwentyFourBitsIsReadAsSharesOfFullScale) {
  std::vector<std::byte> file = wav_file(std::vector<std::int16_t>{0, 0x4000, 0x0000}, 8'000);  // 00 00 00 40 00 00
  put(file, 28, std::uint32_t{24'000});
  put(file, 32, std::uint16_t{3});
  put(file, 34, std::uint16_t{24});
  EXPECT_EQ(decode_clip(file, "a.wav").samples, (std::vector<float>{0, 64.0F / 8'388'608}));
}

TEST(Clip, ThatIsAnMp3IsReadWhateverItsNameSays) {
  constexpr std::size_t kFrame = 417, kFrames = 12;  // of 128 kbit/s at 44.1 kHz: nothing is heard
  std::vector<std::byte> file(kFrame * kFrames);
  for (std::size_t at = 0; at < file.size(); at += kFrame) {
    file[at] = std::byte{0xFF}, file[at + 1] = std::byte{0xFB}, file[at + 2] = std::byte{0x90};
    file[at + 3] = std::byte{0xC0};  // one channel
  }
  const Clip clip = decode_clip(file, "a.wav");
  EXPECT_EQ(clip.format, "MPEG-1/2");
  EXPECT_EQ(clip.rate, 44'100);
  for (const float sample : clip.samples) ASSERT_EQ(sample, 0);
}

TEST(Clip, AtAnotherRateIsTheSameTone) {
  const Clip clip = decode_clip(wav_file(tone(8'000, 440, 8'000), 8'000), "a.wav");
  const std::vector<float> samples = resampled(clip, 16'000);
  ASSERT_EQ(samples.size(), 16'000U);
  for (std::size_t i = 2'000; i < 14'000; ++i)
    ASSERT_NEAR(samples[i], 0.5 * std::sin(2 * std::numbers::pi * 440 * static_cast<double>(i) / 16'000), 1e-3) << i;
}

TEST(Clip, AtItsOwnRateStaysAsItIs) {
  const Clip clip = decode_clip(wav_file(tone(100, 440, 8'000), 8'000), "a.wav");
  EXPECT_EQ(resampled(clip, 8'000), clip.samples);
}

}  // namespace
}  // namespace enxerto
