#include "enxerto/media/text/translation_preprocessor.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/media/text/learned_pieces.h"

namespace enxerto {
namespace {

Field field_of_text(std::string_view text) {
  return {.medium = Medium::text,
          .bytes = Tensor::copied(DType::u8, {static_cast<std::int64_t>(text.size())}, std::as_bytes(std::span(text)))};
}

PreprocessorPtr small_preprocessor(std::int64_t max_length) {
  std::string texts;
  for (int i = 0; i < 10; ++i) texts += "a cat sleeps\num gato dorme\n";
  TranslationText text;
  text.source = text.target =
      std::make_shared<NumberedPieces>(NumberedPieces::of_tokenizer(learned_pieces(texts, 80, "test"), "test"));
  text.begin = 2;
  text.never = {2};
  text.longest = 64;
  return translation_preprocessor(text, max_length);
}

std::vector<std::vector<std::int64_t>> inputs_of(const Preprocessor& preprocessor, const std::vector<Field>& fields) {
  OwnSlots slots(preprocessor.inputs());
  (void)preprocessor.encode(fields, {.where = "test"}, slots);
  std::vector<std::vector<std::int64_t>> all;
  for (const Tensor& tensor : slots.take()) {
    const auto values = tensor.as<std::int64_t>();
    all.emplace_back(values.begin(), values.end());
  }
  return all;
}

TEST(TranslationPreprocessor, ShiftsTheLabelsBehindWhatBegins) {
  const auto found = inputs_of(*small_preprocessor(64), {field_of_text("a cat"), field_of_text("um gato dorme")});
  EXPECT_EQ(found[0].back(), 0);
  EXPECT_EQ(found[1], std::vector<std::int64_t>(found[0].size(), 1));
  EXPECT_EQ(found[2].front(), 2);
  EXPECT_EQ(found[3].back(), 0);
  EXPECT_EQ(std::vector(found[2].begin() + 1, found[2].end()), std::vector(found[3].begin(), found[3].end() - 1));
}

TEST(TranslationPreprocessor, CutsBothSidesAndSaysSo) {
  const PreprocessorPtr cut = small_preprocessor(3);
  const std::vector<Field> pair{field_of_text("a cat sleeps"), field_of_text("um gato dorme")};
  const auto found = inputs_of(*cut, pair);
  EXPECT_EQ(found[0].size(), 3U);
  EXPECT_EQ(found[0].back(), 0);
  EXPECT_EQ(found[3].size(), 3U);
  EXPECT_GT(cut->transcript(pair, "test")->cut, 0U);
}

TEST(TranslationPreprocessor, IsTheSameFromItsRecord) {
  const PreprocessorPtr one = small_preprocessor(64);
  const PreprocessorPtr again = preprocessor_from_record(one->record(), "test");
  const std::vector<Field> pair{field_of_text("a cat"), field_of_text("um gato")};
  EXPECT_EQ(inputs_of(*one, pair), inputs_of(*again, pair));
  EXPECT_EQ(one->record(), again->record());
  Json wrong = one->record();
  wrong["beams"] = 0;
  EXPECT_THROW((void)preprocessor_from_record(wrong, "test"), Error);
}

TEST(TranslationPreprocessor, RefusesAnEmptySide) {
  const PreprocessorPtr one = small_preprocessor(64);
  EXPECT_THROW((void)inputs_of(*one, {field_of_text("a cat"), field_of_text(" ")}), Error);
  EXPECT_THROW((void)inputs_of(*one, {field_of_text("a cat")}), Error);
}

}  // namespace
}  // namespace enxerto
