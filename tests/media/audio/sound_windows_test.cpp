#include "enxerto/media/audio/sound_windows.h"

#include <gtest/gtest.h>

#include <numeric>
#include <utility>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/media/audio/clip.h"

namespace enxerto {
namespace {

Field counting_clip(int samples, std::int64_t rate = 8'000) {
  std::vector<std::int16_t> wave(static_cast<std::size_t>(samples));
  std::iota(wave.begin(), wave.end(), std::int16_t{1});
  const std::vector<std::byte> file = wav_file(wave, rate);
  return {.medium = Medium::audio, .bytes = Tensor::copied(DType::u8, {std::ssize(file)}, file)};
}

std::vector<float> window_of(const Preprocessor& windows, Field field, std::int64_t number) {
  field.window = number;
  OwnSlots slots(windows.inputs());
  (void)windows.encode(std::span(&field, 1), {.where = "a.wav"}, slots);
  const Tensor found = slots.take().front();
  const auto values = found.as<float>();
  return {values.begin(), values.end()};
}

TEST(SoundWindows, AreAsManyAsItTakesToHearAllOfAClip) {
  const PreprocessorPtr windows = sound_windows({.rate = 8'000, .window = 100, .step = 40}, "test");
  EXPECT_TRUE(windows->divides());
  for (const auto& [samples, count] : {std::pair{1, 1}, {99, 1}, {100, 1}, {101, 2}, {140, 2}, {141, 3}, {180, 3}}) {
    const Field field = counting_clip(samples);
    EXPECT_EQ(windows->windows(std::span(&field, 1), "a.wav"), static_cast<std::size_t>(count)) << samples;
  }
}

TEST(SoundWindows, FollowEachOtherByAStepWithSilenceBehindTheEnd) {
  const PreprocessorPtr windows = sound_windows({.rate = 8'000, .window = 100, .step = 40}, "test");
  const Field field = counting_clip(141);
  const std::vector<float> second = window_of(*windows, field, 1), last = window_of(*windows, field, 2);
  EXPECT_EQ(second.front(), 41.0F / 32'768);
  EXPECT_EQ(second.back(), 140.0F / 32'768);
  EXPECT_EQ(last.front(), 81.0F / 32'768);
  EXPECT_EQ(last[60], 141.0F / 32'768);
  for (std::size_t i = 61; i < last.size(); ++i) EXPECT_EQ(last[i], 0);
}

TEST(SoundWindows, AreOfTheRateThatTheNetworkHears) {
  const PreprocessorPtr windows = sound_windows({.rate = 8'000, .window = 100, .step = 40}, "test");
  const Field field = counting_clip(360, 16'000);
  EXPECT_EQ(windows->windows(std::span(&field, 1), "a.wav"), 3U);
}

TEST(SoundWindows, AreReadBackFromTheirRecord) {
  const PreprocessorPtr own = sound_windows({}, "test");
  EXPECT_EQ(own->record(), (Json{{"kind", "sound_windows"}, {"rate", 16'000}, {"window", 15'600}, {"step", 7'680}}));
  EXPECT_EQ(preprocessor_from_record(own->record(), "test")->record(), own->record());
  EXPECT_EQ(own->summary(), "windows of 0.975 s, one every 0.48 s, at 16000 Hz");
  for (const Json& record :
       {Json{{"kind", "sound_windows"}, {"rate", 16'000}, {"window", 15'600}},
        Json{{"kind", "sound_windows"}, {"rate", 16'000}, {"window", 15'600}, {"step", 15'601}},
        Json{{"kind", "sound_windows"}, {"rate", 16'000}, {"window", 15'600.5}, {"step", 7'680}},
        Json{{"kind", "sound_windows"}, {"rate", 16'000}, {"window", 15'600}, {"step", 7'680}, {"seconds", 5}}})
    EXPECT_THROW((void)preprocessor_from_record(record, "preprocess.json"), Error) << record;
}

}  // namespace
}  // namespace enxerto
