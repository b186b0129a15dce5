#include "enxerto/media/text/text_preprocessor.h"

#include <gtest/gtest.h>

#include <array>
#include <functional>

#include "enxerto/base/error.h"
#include "enxerto/media/batch_inputs.h"
#include "enxerto/media/text/tokenizer_folder.h"
#include "tests/media/text/tiny_tokenizer.h"
#include "tests/media/text_field.h"

namespace enxerto {
namespace {

using testing::text_field;

class TextPreprocessorTest : public ::testing::Test {
 protected:
  TextPreprocessorTest() { folder_.write("vocab.txt", testing::kTinyVocabulary); }

  PreprocessorPtr made(const Json& patch = Json::object()) const {
    Json record = text_record(folder_.path(), {.max_length = 8, .token_types = true});
    record.merge_patch(patch);
    return preprocessor_from_record(record, "preprocess.json");
  }

  struct Encoded {
    std::vector<std::vector<std::int64_t>> inputs;
    std::vector<float> map;
  };
  static Encoded encode(const Preprocessor& preprocessor, const std::vector<Field>& fields) {
    OwnSlots slots(preprocessor.inputs());
    const Alignment alignment = preprocessor.encode(fields, {.where = "a.txt"}, slots);
    Encoded encoded;
    for (const Tensor& tensor : slots.take()) {
      const auto numbers = tensor.as<std::int64_t>();
      encoded.inputs.emplace_back(numbers.begin(), numbers.end());
    }
    const auto map = alignment.map.as<float>();
    encoded.map.assign(map.begin(), map.end());
    return encoded;
  }

  static std::string refusal(const std::function<void()>& work) {
    try {
      work();
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::data);
      return error.what();
    }
    return "";
  }

  testing::TokenizerFolder folder_;
};

using Ids = std::vector<std::int64_t>;

TEST_F(TextPreprocessorTest, ATextBecomesIdsMaskAndTypes) {
  const auto preprocessor = made();
  ASSERT_EQ(preprocessor->inputs().size(), 3U);
  EXPECT_EQ(preprocessor->inputs()[2].name, "token_type_ids");
  EXPECT_EQ(preprocessor->inputs()[0].dtype, DType::i64);
  EXPECT_EQ(preprocessor->inputs()[0].shape, (Shape{-1}));
  const Encoded encoded = encode(*preprocessor, {text_field("The film was goodly.")});
  EXPECT_EQ(encoded.inputs[0], (Ids{2, 5, 6, 7, 8, 10, 12, 3}));
  EXPECT_EQ(encoded.inputs[1], Ids(8, 1));
  EXPECT_EQ(encoded.inputs[2], Ids(8, 0));
}

TEST_F(TextPreprocessorTest, APairHasTheTypesOfItsTexts) {
  const Encoded encoded = encode(*made(), {text_field("the film"), text_field("good")});
  EXPECT_EQ(encoded.inputs[0], (Ids{2, 5, 6, 3, 8, 3}));
  EXPECT_EQ(encoded.inputs[2], (Ids{0, 0, 0, 0, 1, 1}));
}

TEST_F(TextPreprocessorTest, TokensKnowTheirBytes) {
  const auto preprocessor = made({{"prefix", "film "}});
  const Encoded encoded = encode(*preprocessor, {text_field("ol\xC3\xA1 good")});
  EXPECT_EQ(encoded.inputs[0], (Ids{2, 6, 1, 8, 3}));  // lower-casing strips the accent: "ola" is not known
  EXPECT_EQ(encoded.map, (std::vector<float>{-1, 0, 0, -1, 0, 0, 0, 0, 4, 0, 5, 9, -1, 0, 0}));
}

TEST_F(TextPreprocessorTest, WhatIsTooLongIsCutAndTold) {
  const auto preprocessor = made({{"max_length", 5}});
  const std::vector<Field> fields{text_field("the film was good good xyz")};
  EXPECT_EQ(encode(*preprocessor, fields).inputs[0], (Ids{2, 5, 6, 7, 3}));
  const auto transcript = preprocessor->transcript(fields, "a.txt");
  ASSERT_TRUE(transcript);
  EXPECT_EQ(transcript->text, "[CLS] the film was [SEP]");
  EXPECT_EQ(transcript->cut_off, " good good xyz");
  EXPECT_EQ(transcript->tokens, 5U);
  EXPECT_EQ(transcript->cut, 3U);
  EXPECT_EQ(transcript->unknown, 0U);
  EXPECT_EQ(made()->transcript(fields, "a.txt")->unknown, 1U);
}

TEST_F(TextPreprocessorTest, TheBeginningIsCutOffWhereTheRecordSaysLeft) {
  const auto preprocessor = made({{"max_length", 4}, {"truncation_side", "left"}});
  const std::vector<Field> fields{text_field("the film was good")};
  EXPECT_EQ(encode(*preprocessor, fields).inputs[0], (Ids{2, 7, 8, 3}));
  EXPECT_EQ(preprocessor->transcript(fields, "a.txt")->cut_off, "the film ");
}

TEST_F(TextPreprocessorTest, TheLongerOfTwoTextsGivesWay) {
  const Encoded encoded = encode(*made({{"max_length", 6}}), {text_field("the film was good good"), text_field("bad")});
  EXPECT_EQ(encoded.inputs[0], (Ids{2, 5, 6, 3, 9, 3}));
}

TEST_F(TextPreprocessorTest, ItsRecordMakesItAnew) {
  const auto preprocessor = made({{"prefix", "film: "}, {"truncation", "only_first"}, {"truncation_side", "left"}});
  const Json record = preprocessor->record();
  EXPECT_EQ(preprocessor_from_record(record, "again")->record(), record);
  EXPECT_EQ(preprocessor->summary(), "up to 8 tokens");
}

TEST_F(TextPreprocessorTest, SamplesAreSentencesThatItReads) {
  const auto preprocessor = made();
  EXPECT_GT(encode(*preprocessor, preprocessor->sample(1)).inputs[0].size(), 2U);
  const auto first = preprocessor->sample(1), again = preprocessor->sample(1), other = preprocessor->sample(2);
  const auto text = [](const std::vector<Field>& fields) {
    const auto bytes = fields[0].bytes.as<std::uint8_t>();
    return std::string(bytes.begin(), bytes.end());
  };
  EXPECT_EQ(text(first), text(again));
  EXPECT_NE(text(first), text(other));
}

TEST_F(TextPreprocessorTest, ShorterTextsOfABatchAreMasked) {
  const auto preprocessor = made();
  BatchInputs batch(preprocessor->inputs(), 2);
  const std::vector<Field> fields[] = {{text_field("the film was good")}, {text_field("bad")}};
  for (std::size_t i = 0; i < 2; ++i) {
    auto slots = batch.slots(i);
    (void)preprocessor->encode(fields[i], {.where = "text"}, slots);
  }
  const TensorMap inputs = batch.collect(2);
  const auto mask = inputs.at("attention_mask").as<std::int64_t>();
  EXPECT_EQ(Ids(mask.begin(), mask.end()), (Ids{1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0}));
}

TEST_F(TextPreprocessorTest, ExamplesThatAreNoTextsAreRefused) {
  const auto preprocessor = made();
  const auto reason = [&](const std::vector<Field>& fields) {
    return refusal([&] { preprocessor->check_readable(fields, "a.txt"); });
  };
  EXPECT_NE(reason({text_field(" \n")}).find("an empty text"), std::string::npos);
  EXPECT_NE(reason({text_field("ol\xE1")}).find("the byte 0xE1 at byte 3"), std::string::npos);
  EXPECT_NE(reason({}).find("one text or two"), std::string::npos);
  EXPECT_NE(reason({Field{}}).find("a picture"), std::string::npos);
  EXPECT_EQ(reason({text_field("good"), text_field("")}), "");
}

TEST_F(TextPreprocessorTest, RecordsAreReadStrictly) {
  const auto reason = [&](const Json& patch) { return refusal([&] { (void)made(patch); }); };
  EXPECT_NE(reason({{"max_lenght", 3}}).find("max_length"), std::string::npos);
  EXPECT_NE(reason({{"max_length", 2}}).find("more than the 2 tokens"), std::string::npos);
  EXPECT_NE(reason({{"max_length", -1}}).find("0 to"), std::string::npos);
  EXPECT_NE(reason({{"max_length", 1.5}}).find("whole number"), std::string::npos);
  EXPECT_NE(reason({{"positions", 4}, {"max_length", 5}}).find("1 to 4, the network's positions"), std::string::npos);
  EXPECT_NE(reason({{"positions", 4}, {"max_length", 0}}).find("1 to 4"), std::string::npos);
  EXPECT_EQ(reason({{"positions", 4}, {"max_length", 4}}), "");
  EXPECT_NE(reason({{"inputs", {"input"}}}).find("input_ids"), std::string::npos);
  EXPECT_NE(reason({{"truncation", "both"}}).find("longest_first, only_first, only_second"), std::string::npos);
  EXPECT_NE(reason({{"truncation_side", "up"}}).find("left or right"), std::string::npos);
  EXPECT_NE(reason({{"tokenizer", nullptr}}).find("missing"), std::string::npos);
}

TEST_F(TextPreprocessorTest, DividesALongTextIntoWindowsWhereThereIsAStride) {
  const PreprocessorPtr windows = made({{"max_length", 5}, {"stride", 1}});
  EXPECT_TRUE(windows->divides());
  Field text = text_field("the film was good bad");
  EXPECT_EQ(windows->windows(std::array{text}, "a"), 2U);
  EXPECT_EQ(encode(*windows, {text}).inputs.at(0), (Ids{2, 5, 6, 7, 3}));
  text.window = 1;
  EXPECT_EQ(encode(*windows, {text}).inputs.at(0), (Ids{2, 7, 8, 9, 3}));
  EXPECT_EQ(windows->summary(), "windows of 5 tokens, 1 of them shared");
  EXPECT_EQ(windows->transcript(std::array{text}, "a")->cut, 0U) << "nothing is cut off";
  EXPECT_EQ(preprocessor_from_record(windows->record(), "again")->record(), windows->record());
}

TEST_F(TextPreprocessorTest, ThatLooksThroughTheSecondTextWantsOne) {
  const PreprocessorPtr second = made({{"truncation", "only_second"}});
  EXPECT_NE(
      refusal([&] { (void)encode(*second, {text_field("the film"), text_field(" ")}); }).find("an empty second text"),
      std::string::npos);
  EXPECT_EQ(second->sample(0).size(), 2U);
  EXPECT_EQ(encode(*second, second->sample(0)).inputs.at(0).size(), 8U) << "a made-up example is one that is cut";
}

TEST_F(TextPreprocessorTest, HasOneWindowOfWhatIsCut) {
  const PreprocessorPtr cut = made({{"max_length", 5}});
  const Field text = text_field("the film was good bad");
  EXPECT_FALSE(cut->divides());
  EXPECT_EQ(cut->windows(std::array{text}, "a"), 1U);
  EXPECT_FALSE(cut->record().contains("stride"));
}

TEST_F(TextPreprocessorTest, RefusesAStrideThatLeavesNoRoom) {
  EXPECT_NE(refusal([&] { (void)made({{"max_length", 5}, {"stride", 2}}); }).find("stride"), std::string::npos);
  EXPECT_NE(refusal([&] { (void)made({{"max_length", 0}, {"positions", 0}, {"stride", 2}}); }).find("a max_length"),
            std::string::npos);
  EXPECT_NE(refusal([&] { (void)made({{"stride", 1.5}}); }).find("stride"), std::string::npos);
}

}  // namespace
}  // namespace enxerto
