#include "enxerto/media/audio/utterance_preprocessor.h"

#include <gtest/gtest.h>

#include <numeric>

#include "enxerto/base/error.h"
#include "enxerto/media/audio/clip.h"

namespace enxerto {
namespace {

Field recording(std::int16_t samples, std::int64_t rate = 8'000) {
  std::vector<std::int16_t> wave(static_cast<std::size_t>(samples));
  std::iota(wave.begin(), wave.end(), std::int16_t{1});
  const std::vector<std::byte> file = wav_file(wave, rate);
  return {.medium = Medium::audio, .bytes = Tensor::copied(DType::u8, {std::ssize(file)}, file)};
}

std::vector<Tensor> encoded(const Preprocessor& preprocessor, const Field& field) {
  OwnSlots slots(preprocessor.inputs());
  (void)preprocessor.encode(std::span(&field, 1), {.where = "a.wav"}, slots);
  return slots.take();
}

TEST(UtterancePreprocessor, CutsARecordingIntoRowsAndSaysHowManyThereAre) {
  const PreprocessorPtr rows = utterance_preprocessor({.rate = 8'000, .step = 160}, "test");
  const std::vector<Tensor> found = encoded(*rows, recording(330));
  EXPECT_EQ(found.at(0).shape(), (Shape{3, 160}));
  EXPECT_EQ(found.at(1).shape(), (Shape{3}));
  EXPECT_EQ(found.at(0).as<float>()[329], 330.0F / 32'768);
  EXPECT_EQ(found.at(0).as<float>()[330], 0) << "silence fills the last row up";
  for (const std::int64_t counts : found.at(1).as<std::int64_t>()) EXPECT_EQ(counts, 1);
}

TEST(UtterancePreprocessor, ChangesTheRateOfARecordingOfAnother) {
  const PreprocessorPtr rows = utterance_preprocessor({.rate = 8'000, .step = 160}, "test");
  EXPECT_EQ(encoded(*rows, recording(3'200, 16'000)).at(0).shape(), (Shape{10, 160}));
  EXPECT_EQ(encoded(*rows, recording(32'000, 384'000)).at(0).shape(), (Shape{5, 160}));
}

TEST(UtterancePreprocessor, RefusesWhatIsLongerThanItReads) {
  const PreprocessorPtr rows = utterance_preprocessor({.rate = 8'000, .step = 160, .longest = 1}, "test");
  try {
    (void)encoded(*rows, recording(8'001));
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("a.wav"), std::string::npos);
    EXPECT_NE(error.text().tip.find("input.seconds"), std::string::npos);
  }
}

TEST(UtterancePreprocessor, CountsTheRowsThatHearNothingFromBehindTheRecording) {
  const PreprocessorPtr rows =
      utterance_preprocessor({.rate = 8'000, .step = 160, .reach = 200, .counted = true}, "test");
  for (const auto& [samples, counted] : {std::pair{200, 1}, {320, 1}, {359, 1}, {360, 2}, {480, 2}}) {
    const std::vector<Tensor> found = encoded(*rows, recording(static_cast<std::int16_t>(samples)));
    const auto mask = found.at(1).as<std::int64_t>();
    EXPECT_EQ(std::accumulate(mask.begin(), mask.end(), std::int64_t{0}), counted) << samples;
    EXPECT_EQ(mask.size(), static_cast<std::size_t>(samples + 159) / 160) << samples;
    EXPECT_EQ(found.at(2).as<std::int64_t>()[0], samples);
  }
  EXPECT_THROW((void)encoded(*rows, recording(199)), Error) << "shorter than what is heard at once";
}

TEST(UtterancePreprocessor, NormalisesBeforeItPads) {
  const PreprocessorPtr rows = utterance_preprocessor({.rate = 8'000, .step = 160, .normalise = true}, "test");
  const Tensor found = encoded(*rows, recording(170)).at(0);
  double sum = 0, squares = 0;
  for (const float value : found.as<float>().first(170)) {
    sum += static_cast<double>(value);
    squares += static_cast<double>(value) * static_cast<double>(value);
  }
  EXPECT_NEAR(sum, 0, 1e-4);
  EXPECT_NEAR(squares / 170, 1, 0.05) << "1e-7 is added to the variance";
  for (const float value : found.as<float>().subspan(170)) EXPECT_EQ(value, 0);
}

TEST(UtterancePreprocessor, ContinuesARecordingAtBothEndsAsInAMirror) {
  const PreprocessorPtr rows =
      utterance_preprocessor({.rate = 8'000, .step = 160, .reach = 200, .least = 320, .mirrored = 100}, "test");
  const std::vector<Tensor> found = encoded(*rows, recording(330));
  const auto samples = found.at(0).as<float>();
  EXPECT_EQ(samples[0], 101.0F / 32'768);
  EXPECT_EQ(samples[99], 2.0F / 32'768);
  EXPECT_EQ(samples[100], 1.0F / 32'768);
  EXPECT_EQ(samples[429], 330.0F / 32'768);
  EXPECT_EQ(samples[430], 329.0F / 32'768);
  const auto mask = found.at(1).as<std::int64_t>();
  EXPECT_EQ(std::accumulate(mask.begin(), mask.end(), std::int64_t{0}), 3) << "530 samples, each row hears 200";
}

TEST(UtterancePreprocessor, PutsSilenceBehindWhatIsTooShort) {
  const PreprocessorPtr rows =
      utterance_preprocessor({.rate = 8'000, .step = 160, .reach = 200, .least = 320, .mirrored = 100}, "test");
  const std::vector<Tensor> found = encoded(*rows, recording(1));
  const auto samples = found.at(0).as<float>();
  EXPECT_EQ(samples[100], 1.0F / 32'768);
  for (std::size_t i = 0; i < samples.size(); ++i) EXPECT_EQ(samples[i] != 0, i == 100) << i;
  EXPECT_EQ(found.at(0).shape(), (Shape{4, 160})) << "520 samples";
  EXPECT_THROW((void)utterance_preprocessor({.least = 100, .mirrored = 100}, "test"), Error);
}

TEST(UtterancePreprocessor, IsReadBackFromItsRecord) {
  const PreprocessorPtr own = utterance_preprocessor({.rate = 22'050, .step = 441, .longest = 20}, "test");
  EXPECT_EQ(own->record(), (Json{{"kind", "utterance"}, {"rate", 22'050}, {"step", 441}, {"seconds", 20}}));
  EXPECT_EQ(preprocessor_from_record(own->record(), "test")->record(), own->record());
  EXPECT_EQ(patched(*own, {{"seconds", 5.0}}, "input")->record()["seconds"], 5);
  const PreprocessorPtr whole = utterance_preprocessor({.reach = 400, .normalise = true, .counted = true}, "test");
  EXPECT_EQ(whole->record()["reach"], 400);
  EXPECT_EQ(preprocessor_from_record(whole->record(), "test")->record(), whole->record());
  Json strange = whole->record();
  strange["normalise"] = 1;
  EXPECT_THROW((void)preprocessor_from_record(strange, "test"), Error);
  strange = whole->record();
  strange["reach"] = 100;
  EXPECT_THROW((void)preprocessor_from_record(strange, "test"), Error) << "shorter than a step";
  for (const Json& record : {Json{{"kind", "utterance"}, {"rate", 8'000}, {"step", 160}},
                             Json{{"kind", "utterance"}, {"rate", 8'000}, {"step", 0}, {"seconds", 5}},
                             Json{{"kind", "utterance"}, {"rate", 8'000}, {"step", 160.5}, {"seconds", 5}},
                             Json{{"kind", "utterance"}, {"rate", 8'000}, {"step", 160}, {"seconds", 5}, {"x", 1}}})
    EXPECT_THROW((void)preprocessor_from_record(record, "preprocess.json"), Error) << record;
}

}  // namespace
}  // namespace enxerto
