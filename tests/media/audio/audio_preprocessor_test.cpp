#include "enxerto/media/audio/audio_preprocessor.h"

#include <gtest/gtest.h>

#include <numeric>

#include "enxerto/base/error.h"
#include "enxerto/base/hash.h"
#include "enxerto/media/audio/clip.h"
#include "enxerto/media/image/image.h"

namespace enxerto {
namespace {

constexpr float kStep = 1.0F / 32'768;

Field clip_field(std::int16_t samples, std::int64_t rate = 8'000) {
  std::vector<std::int16_t> wave(static_cast<std::size_t>(samples));
  std::iota(wave.begin(), wave.end(), std::int16_t{1});
  const std::vector<std::byte> file = wav_file(wave, rate);
  return {.medium = Medium::audio, .bytes = Tensor::copied(DType::u8, {std::ssize(file)}, file)};
}

struct Heard {
  std::vector<float> samples;
  std::vector<float> place;
};

Heard heard(const Preprocessor& preprocessor, const Field& field) {
  OwnSlots slots(preprocessor.inputs());
  const Alignment alignment = preprocessor.encode(std::span(&field, 1), {.where = "a.wav"}, slots);
  const Tensor samples = slots.take().front();
  const auto values = samples.as<float>();
  const auto place = alignment.map.as<float>();
  return {{values.begin(), values.end()}, {place.begin(), place.end()}};
}

TEST(AudioPreprocessor, HearsTheMiddleOfALongClip) {
  const Heard found = heard(*audio_preprocessor({.rate = 8'000, .samples = 400}, "test"), clip_field(1'000));
  ASSERT_EQ(found.samples.size(), 400U);
  EXPECT_EQ(found.samples.front(), 301 * kStep);
  EXPECT_EQ(found.samples.back(), 700 * kStep);
  EXPECT_EQ(found.place, (std::vector<float>{8'000, 300.0F / 8'000}));
}

TEST(AudioPreprocessor, PutsSilenceAroundAShortClip) {
  const Heard found = heard(*audio_preprocessor({.rate = 8'000, .samples = 400}, "test"), clip_field(201));
  EXPECT_EQ(found.samples[98], 0);
  EXPECT_EQ(found.samples[99], kStep);
  EXPECT_EQ(found.samples[299], 201 * kStep);
  EXPECT_EQ(found.samples[300], 0);
  EXPECT_EQ(found.place, (std::vector<float>{8'000, -99.0F / 8'000}));
}

TEST(AudioPreprocessor, IsReadBackFromItsRecord) {
  const PreprocessorPtr own = audio_preprocessor({.rate = 22'050, .samples = 33'075}, "test");
  EXPECT_EQ(own->record(), (Json{{"kind", "audio"}, {"rate", 22'050}, {"seconds", 1.5}}));
  const PreprocessorPtr again = preprocessor_from_record(own->record(), "test");
  EXPECT_EQ(again->record(), own->record());
  EXPECT_EQ(again->inputs()[0].shape, (Shape{33'075}));
  EXPECT_EQ(patched(*own, {{"seconds", 0.5}}, "input")->inputs()[0].shape, (Shape{11'025}));
}

TEST(AudioPreprocessor, RefusesMembersThatAreUnknownOrOutOfRange) {
  const auto refusal = [](const Json& members) -> std::string {
    try {
      (void)preprocessor_from_record(members, "preprocess.json");
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_NE(refusal({{"kind", "audio"}, {"rate", 8'000}, {"second", 1}}).find("second: not a member"),
            std::string::npos);
  EXPECT_NE(refusal({{"kind", "audio"}, {"rate", 8'000}}).find("seconds: missing"), std::string::npos);
  for (const Json& rate : {Json(1), Json(8'000.5), Json(1e18), Json("x")})
    EXPECT_NE(refusal({{"kind", "audio"}, {"rate", rate}, {"seconds", 1}}).find("rate: "), std::string::npos) << rate;
  for (const Json& seconds : {Json(0), Json(-1), Json(1e9), Json(0.001)})
    EXPECT_NE(refusal({{"kind", "audio"}, {"rate", 8'000}, {"seconds", seconds}}).find("seconds: "), std::string::npos)
        << seconds;
}

TEST(AudioPreprocessor, RefusesWhatIsNoClip) {
  const Field text{.medium = Medium::text, .bytes = Tensor::of<std::uint8_t>({1}, {'a'})};
  EXPECT_THROW((void)heard(*audio_preprocessor({}, "test"), text), Error);
}

TEST(AudioPreprocessor, SamplesAreEqualForEqualNumbersAndReadable) {
  const PreprocessorPtr own = audio_preprocessor({.rate = 16'000, .samples = 8'000}, "test");
  const Field first = own->sample(0).front(), again = own->sample(0).front(), other = own->sample(1).front();
  EXPECT_TRUE(std::ranges::equal(first.bytes.bytes(), again.bytes.bytes()));
  EXPECT_FALSE(std::ranges::equal(first.bytes.bytes(), other.bytes.bytes()));
  const Heard found = heard(*own, first);
  EXPECT_GT(*std::ranges::max_element(found.samples), 0.3F);
}

TEST(AudioPreprocessor, DrawsWhatIsHeard) {
  const PreprocessorPtr own = audio_preprocessor({.rate = 16'000, .samples = 8'000}, "test");
  const std::vector<Field> sample = own->sample(0);
  const std::optional<Preview> preview = own->preview(sample, {.where = "a.wav"}, 64);
  ASSERT_TRUE(preview);
  const Image drawn = decode_image(preview->bytes, "preview");
  EXPECT_EQ(drawn.width, 64);
  EXPECT_EQ(drawn.height, 32);
}

}  // namespace
}  // namespace enxerto
