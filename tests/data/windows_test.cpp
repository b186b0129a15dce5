#include "enxerto/data/windows.h"

#include <gtest/gtest.h>

#include "enxerto/base/error.h"
#include "enxerto/data/example_fields.h"
#include "enxerto/data/span_target.h"
#include "enxerto/data/target_kind.h"
#include "enxerto/media/text/text_preprocessor.h"
#include "enxerto/media/text/tokenizer_folder.h"
#include "tests/media/text/tiny_tokenizer.h"
#include "tests/media/text_field.h"

namespace enxerto {
namespace {

/// Pairs of texts with an answer in the second.
class Pairs final : public Dataset {
 public:
  struct Pair {
    std::string question, context;
    ByteSpan answer;
  };
  explicit Pairs(std::vector<Pair> pairs) : pairs_(std::move(pairs)) {}
  std::size_t size() const override { return pairs_.size(); }
  const DatasetInfo& info() const override { return info_; }
  Tensor target(std::size_t i) const override { return span_target(std::vector{pairs_.at(i).answer}); }
  std::unique_ptr<Example> get(std::size_t i) const override { return std::make_unique<One>(pairs_.at(i), i); }

 private:
  class One final : public Example {
   public:
    One(const Pair& pair, std::size_t number) : pair_(pair), number_(number) {}
    std::string id() const override { return "pair " + std::to_string(number_); }
    std::string group() const override { return "group " + std::to_string(number_); }
    Field field(std::size_t input) const override {
      return testing::text_field(input == 0 ? pair_.question : pair_.context);
    }
    std::optional<FileIdentity> file(std::size_t /*input*/) const override;

   private:
    const Pair& pair_;
    std::size_t number_;
  };
  std::vector<Pair> pairs_;
  DatasetInfo info_{.inputs = {Medium::text, Medium::text},
                    .target = {.kind = std::string(kSpanTarget), .names = {"answer"}}};
};

std::optional<FileIdentity> Pairs::One::file(std::size_t /*input*/) const { return std::nullopt; }

class WindowsOfExamples : public ::testing::Test {
 protected:
  WindowsOfExamples() { folder_.write("vocab.txt", testing::kTinyVocabulary); }

  PreprocessorPtr preprocessor(std::int64_t stride) const {
    Json record = text_record(folder_.path(), {.max_length = 8, .token_types = true});
    record.merge_patch({{"stride", stride}, {"truncation", "only_second"}});
    return preprocessor_from_record(record, "preprocess.json");
  }

  testing::TokenizerFolder folder_;
  // [CLS] film [SEP] and four words of the context, which has six, [SEP]
  const DatasetPtr pairs_ = std::make_shared<Pairs>(std::vector<Pairs::Pair>{
      {"film", "the film", {4, 8}}, {"film", "the film was good bad good", {18, 21}}, {" ", " ", {0, 0}}});
};

TEST_F(WindowsOfExamples, AreRowsOfTheirOwn) {
  const ExampleWindows windows(pairs_, preprocessor(2), 1);
  EXPECT_TRUE(windows.divides());
  EXPECT_EQ(windows.rows()->size(), 4U) << "one, two, and one that cannot be read";
  EXPECT_EQ(windows.windows_of(1), 2U);
  EXPECT_EQ(windows.rows_of(std::vector<std::size_t>{1, 2}), (std::vector<std::size_t>{1, 2, 3}));
  const auto second = windows.rows()->get(2);
  EXPECT_EQ(second->id(), "pair 1");
  EXPECT_EQ(second->group(), "group 1");
  EXPECT_EQ(second->field(1).window, 1U);
}

TEST_F(WindowsOfExamples, HaveTheTargetAsItStandsInThem) {
  const ExampleWindows windows(pairs_, preprocessor(2), 1);
  const auto tokens = [&](std::size_t row) {
    const Tensor target = windows.rows()->target(row);
    const auto numbers = target.as<std::int64_t>();
    return std::vector<std::int64_t>(numbers.begin(), numbers.end());
  };
  using Tokens = std::vector<std::int64_t>;
  EXPECT_EQ(tokens(0), (Tokens{4, 4}));
  EXPECT_EQ(tokens(1), (Tokens{0, 0})) << "'bad' is the fifth word, and the window ends with the fourth";
  EXPECT_EQ(tokens(2), (Tokens{5, 5})) << "was good bad good: the windows share two words";
}

TEST_F(WindowsOfExamples, AreNotMadeWhereTextsAreCut) {
  const ExampleWindows windows(pairs_, preprocessor(-1), 1);
  EXPECT_FALSE(windows.divides());
  EXPECT_EQ(windows.rows(), pairs_);
  EXPECT_EQ(windows.rows_of(std::vector<std::size_t>{2, 0}), (std::vector<std::size_t>{2, 0}));
}

TEST_F(WindowsOfExamples, OfAnotherNumberThanThereAreAreRefused) {
  const PreprocessorPtr made = preprocessor(2);
  const std::vector<Field> fields = fields_of(*pairs_, *pairs_->get(1));
  EXPECT_THROW((void)map_of(*made, windowed(fields, 2), "pair"), Error);
  EXPECT_THROW((void)map_of(*preprocessor(-1), windowed(fields, 1), "pair"), Error);
}

}  // namespace
}  // namespace enxerto
