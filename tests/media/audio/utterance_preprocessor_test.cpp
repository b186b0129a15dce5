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

TEST(UtterancePreprocessor, IsReadBackFromItsRecord) {
  const PreprocessorPtr own = utterance_preprocessor({.rate = 22'050, .step = 441, .longest = 20}, "test");
  EXPECT_EQ(own->record(), (Json{{"kind", "utterance"}, {"rate", 22'050}, {"step", 441}, {"seconds", 20}}));
  EXPECT_EQ(preprocessor_from_record(own->record(), "test")->record(), own->record());
  EXPECT_EQ(patched(*own, {{"seconds", 5.0}}, "input")->record()["seconds"], 5);
  for (const Json& record : {Json{{"kind", "utterance"}, {"rate", 8'000}, {"step", 160}},
                             Json{{"kind", "utterance"}, {"rate", 8'000}, {"step", 0}, {"seconds", 5}},
                             Json{{"kind", "utterance"}, {"rate", 8'000}, {"step", 160.5}, {"seconds", 5}},
                             Json{{"kind", "utterance"}, {"rate", 8'000}, {"step", 160}, {"seconds", 5}, {"x", 1}}})
    EXPECT_THROW((void)preprocessor_from_record(record, "preprocess.json"), Error) << record;
}

}  // namespace
}  // namespace enxerto
