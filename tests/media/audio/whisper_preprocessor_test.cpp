#include "enxerto/media/audio/whisper_preprocessor.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/files/json.h"
#include "enxerto/files/read.h"
#include "enxerto/media/audio/sample_clip.h"

namespace enxerto {
namespace {

using SpokenTokens = std::vector<std::int64_t>;

constexpr const char* kSpokenGolden = ENXERTO_TEST_DATA "/speech/whisper";

PreprocessorPtr whisper_of_golden() {
  TranscriptionText text;
  text.samples = 6'400;
  text.prompt = {33, 35};
  text.end = 32;
  text.never = {3, 7};
  text.never_first = {32};
  text.longest = 12;
  text.tokenizer_json =
      read_text(std::string(kSpokenGolden) + "/tokenizer.json", std::size_t{1} << 20, ErrorKind::weights);
  text.tokenizer = shared_tokenizer(text.tokenizer_json, "test");
  return whisper_preprocessor(text);
}

Field made_recording(std::int64_t rate, std::int64_t samples) {
  const std::vector<std::byte> file = sample_clip(1, rate, samples);
  return {.medium = Medium::audio, .bytes = Tensor::copied(DType::u8, {std::ssize(file)}, file)};
}

Field made_transcript(std::string_view text) {
  return {.medium = Medium::text,
          .bytes = Tensor::copied(DType::u8, {std::ssize(text)}, std::as_bytes(std::span(text)))};
}

std::vector<Tensor> spoken_inputs(const Preprocessor& preprocessor, const std::vector<Field>& fields) {
  OwnSlots slots(preprocessor.inputs());
  (void)preprocessor.encode(fields, {.where = "a.wav"}, slots);
  return slots.take();
}

SpokenTokens tokens_in(const Tensor& tensor) {
  const auto values = tensor.as<std::int64_t>();
  return {values.begin(), values.end()};
}

std::string spoken_refusal(const Preprocessor& preprocessor, const std::vector<Field>& fields) {
  try {
    (void)spoken_inputs(preprocessor, fields);
  } catch (const Error& error) {
    return error.kind() == ErrorKind::data ? error.what() : "another kind";
  }
  return "none";
}

/// tools/golden/whisper.py
TEST(WhisperPreprocessor, HasTheLabelsOfTransformersFineTuning) {
  const Json golden = read_json(std::string(kSpokenGolden) + "/training.json", std::size_t{1} << 20);
  const PreprocessorPtr one = whisper_of_golden();
  for (std::size_t i = 0; i < 2; ++i) {
    const std::vector<Tensor> found = spoken_inputs(
        *one, {made_recording(8'000, 2'000), made_transcript(golden.at("texts").at(i).get<std::string>())});
    auto labels = golden.at("labels").at(i).get<SpokenTokens>();
    std::erase(labels, -1);
    auto ids = golden.at("decoder_input_ids").at(i).get<SpokenTokens>();
    ids.resize(labels.size());
    EXPECT_EQ(tokens_in(found[2]), labels);
    EXPECT_EQ(tokens_in(found[1]), ids);
  }
}

TEST(WhisperPreprocessor, HearsSilenceBehindAShorterRecordingAtTheNetworksRate) {
  const std::vector<Tensor> found =
      spoken_inputs(*whisper_of_golden(), {made_recording(8'000, 2'000), made_transcript("bf")});
  ASSERT_EQ(found[0].shape(), (Shape{6'400}));
  const auto samples = found[0].as<float>();
  EXPECT_TRUE(std::ranges::any_of(samples.first(4'000), [](float sample) { return sample != 0; }));
  EXPECT_TRUE(std::ranges::all_of(samples.subspan(4'000), [](float sample) { return sample == 0; }));
}

TEST(WhisperPreprocessor, NamesWhatItCannotLearnFrom) {
  const PreprocessorPtr one = whisper_of_golden();
  const Field heard = made_recording(16'000, 3'000);
  EXPECT_NE(spoken_refusal(*one, {made_recording(16'000, 7'000), made_transcript("bf")}).find("a recording of 0.4 s"),
            std::string::npos);
  EXPECT_NE(spoken_refusal(*one, {heard, made_transcript(" ")}).find("an empty transcript"), std::string::npos);
  EXPECT_NE(spoken_refusal(*one, {heard, made_transcript("bfbfbfbfbfb")}).find("a transcript of 11 tokens"),
            std::string::npos);
  EXPECT_EQ(spoken_refusal(*one, {heard, made_transcript("bfbfbfbfbf")}), "none") << "as long as the network writes";
  EXPECT_NE(spoken_refusal(*one, {heard}).find("1 field"), std::string::npos);
}

TEST(WhisperPreprocessor, IsTheSameFromItsRecord) {
  const PreprocessorPtr one = whisper_of_golden(), again = preprocessor_from_record(one->record(), "test");
  EXPECT_EQ(one->record(), again->record());
  EXPECT_NO_THROW((void)spoken_inputs(*again, again->sample(3)));
  const Json members{{"prompt", Json::array()}, {"longest", 2}, {"rate", 0}, {"end", -1}};
  for (const auto& [key, value] : members.items()) {
    Json wrong = one->record();
    wrong[key] = value;
    EXPECT_THROW((void)preprocessor_from_record(wrong, "test"), Error) << key;
  }
}

}  // namespace
}  // namespace enxerto
