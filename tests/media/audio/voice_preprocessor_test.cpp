#include "enxerto/media/audio/voice_preprocessor.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/media/audio/clip.h"

namespace enxerto {
namespace {

/// A note of so many samples at 16 kHz, as loud as a share of full scale.
std::vector<Field> note(std::int64_t samples, double loud) {
  std::vector<std::int16_t> values;
  for (std::int64_t i = 0; i < samples; ++i)
    values.push_back(static_cast<std::int16_t>(std::lround(32'767 * loud * std::sin(0.3 * static_cast<double>(i)))));
  const std::vector<std::byte> file = wav_file(values, 16'000);
  return {{.medium = Medium::audio, .bytes = Tensor::copied(DType::u8, {std::ssize(file)}, file)}};
}

std::vector<float> window_of(const Preprocessor& voices, std::vector<Field> example, std::uint32_t window) {
  example.front().window = window;
  OwnSlots slots(voices.inputs());
  (void)voices.encode(example, {.where = "clip"}, slots);
  const Tensor samples = slots.take().front();
  return {samples.as<float>().begin(), samples.as<float>().end()};
}

TEST(VoicePreprocessor, HasAsManyWindowsAsResemblyzer) {
  const PreprocessorPtr voices = voice_preprocessor({}, "here");
  EXPECT_TRUE(voices->divides());
  // `VoiceEncoder.compute_partial_slices(samples, rate=1.3, min_coverage=0.75)`
  for (const auto& [samples, windows] : std::vector<std::pair<std::int64_t, std::size_t>>{{2, 1},
                                                                                          {400, 1},
                                                                                          {25'600, 1},
                                                                                          {31'519, 1},
                                                                                          {31'520, 2},
                                                                                          {37'921, 2},
                                                                                          {43'839, 2},
                                                                                          {43'840, 3},
                                                                                          {50'000, 3},
                                                                                          {100'000, 7},
                                                                                          {160'000, 12}})
    EXPECT_EQ(voices->windows(note(samples, 0.5), "clip"), windows) << samples;
}

TEST(VoicePreprocessor, SurroundsEachWindowWithWhatItsFramesAreMadeOf) {
  const PreprocessorPtr voices = voice_preprocessor({}, "here");
  const std::vector<Field> clip = note(60'000, 0.5);
  const std::vector<float> first = window_of(*voices, clip, 0), second = window_of(*voices, clip, 1);
  ASSERT_EQ(first.size(), 159U * 160 + 400);
  EXPECT_EQ(first[199], 0);
  EXPECT_EQ(first[200], 0);  // sin 0
  EXPECT_GT(first[201], 0.1);
  EXPECT_EQ(second[0], first[77 * 160]);
  const std::vector<float> last = window_of(*voices, note(1000, 0.5), 0);
  EXPECT_NE(last[1199], 0);
  EXPECT_EQ(last[1200], 0);
}

TEST(VoicePreprocessor, RaisesWhatIsQuietOnly) {
  const PreprocessorPtr voices = voice_preprocessor({}, "here");
  const auto level = [&](double loud) {
    double squares = 0;
    for (const float sample : window_of(*voices, note(16'000, loud), 0))
      squares += static_cast<double>(sample) * sample;
    return 10 * std::log10(squares / 16'000);
  };
  EXPECT_NEAR(level(0.001), -30, 0.05);
  EXPECT_NEAR(level(0.5), 20 * std::log10(0.5 / std::sqrt(2)), 0.05);
}

TEST(VoicePreprocessor, RefusesSilence) {
  const PreprocessorPtr voices = voice_preprocessor({}, "here");
  try {
    voices->check_readable(note(16'000, 0), "clip.wav");
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::data);
    EXPECT_NE(std::string(error.what()).find("clip.wav: silence, every sample is 0"), std::string::npos)
        << error.what();
  }
  EXPECT_THROW((void)window_of(*voices, note(16'000, 0), 0), Error);
}

TEST(VoicePreprocessor, IsReadFromItsRecord) {
  const PreprocessorPtr voices = voice_preprocessor({}, "here");
  EXPECT_EQ(preprocessor_from_record(voices->record(), "here")->record(), voices->record());
  EXPECT_EQ(voices->summary(), "windows of 1.6 s, one every 0.77 s, at 16000 Hz");
  for (const auto& [key, value] : std::vector<std::pair<const char*, Json>>{
           {"step", 200}, {"rate", 16'000.5}, {"hop", nullptr}, {"loud", 1}, {"window", 401}, {"least_heard", 2}}) {
    Json record = voices->record();
    record[key] = value;
    EXPECT_THROW((void)preprocessor_from_record(record, "here"), Error) << key;
  }
}

}  // namespace
}  // namespace enxerto
