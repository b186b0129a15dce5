#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "program.h"
#include "tests/workflow/text_backbone.h"

namespace enxerto::test {
namespace {

using nlohmann::json;

class TextsCli : public ::testing::Test {
 protected:
  TextsCli() : backbone_(testing::write_text_backbone(folder_ / "network").string()) {}

  void train() const {
    write(folder_ / "reviews.tsv", testing::tiny_reviews(60));
    const Outcome trained =
        run(folder_, {"train", folder_ / "reviews.tsv", "--backbone", backbone_, "--output", folder_ / "model"});
    ASSERT_EQ(trained.code, 0) << trained.err;
    EXPECT_NE(trained.err.find("as the network reads"), std::string::npos) << trained.err;
  }

  Folder folder_;
  std::string backbone_;
};

TEST_F(TextsCli, PredictReadsATextPerLineOfStandardInput) {
  train();
  const Outcome predicted = run(folder_, {"predict", folder_ / "model", "-"},
                                {.input = "the films was good 0.\n\nthe film was the film bad bad 1.\n"});
  ASSERT_EQ(predicted.code, 0) << predicted.err;
  EXPECT_NE(predicted.out.find("standard input:1\t1"), std::string::npos) << predicted.out;
  EXPECT_NE(predicted.out.find("standard input:3\t0"), std::string::npos) << predicted.out;
}

TEST_F(TextsCli, PredictReadsJsonLinesFilesAndTables) {
  train();
  write(folder_ / "one.txt", "the films was good 0.\n");
  write(folder_ / "table.csv", "id,text\n1,so bad\n");
  const Outcome predicted =
      run(folder_, {"predict", folder_ / "model", "-", folder_ / "one.txt", folder_ / "table.csv", "--json"},
          {.input = "{\"text\": \"the film was the film bad bad 1.\", \"n\": 1}\n"});
  ASSERT_EQ(predicted.code, 0) << predicted.err;
  const json predictions = json::parse(predicted.out).at("predictions");
  ASSERT_EQ(predictions.size(), 3U);
  EXPECT_EQ(predictions[0].at("label"), "0");
  EXPECT_EQ(predictions[1].at("label"), "1");
  EXPECT_EQ(predictions[2].at("file"), "table.csv:2");
}

TEST_F(TextsCli, AnEmptyLineOfJsonIsABadExample) {
  train();
  const Outcome predicted =
      run(folder_, {"predict", folder_ / "model", "-"}, {.input = "{\"text\": \" \"}\n{\"text\": \"good\"}\n"});
  EXPECT_EQ(predicted.code, 3);
  EXPECT_NE(predicted.err.find("an empty text"), std::string::npos) << predicted.err;
  EXPECT_NE(predicted.out.find("standard input:2\t"), std::string::npos) << predicted.out;
}

TEST_F(TextsCli, ABadLineOfJsonDoesNotKeepOthersFromTheirAnswers) {
  train();
  const std::string lines =
      "{\"text\": \"the films was good 0.\"}\n{\"text\": \"unclosed\n{\"text\": \"the film was the film bad bad "
      "1.\"}\n";
  const Outcome predicted = run(folder_, {"predict", folder_ / "model", "-"}, {.input = lines});
  EXPECT_EQ(predicted.code, 3);
  EXPECT_NE(predicted.err.find("standard input:2"), std::string::npos) << predicted.err;
  EXPECT_NE(predicted.out.find("standard input:1\t1"), std::string::npos) << predicted.out;
  EXPECT_NE(predicted.out.find("standard input:3\t0"), std::string::npos) << predicted.out;
  const Outcome skipping = run(folder_, {"predict", folder_ / "model", "-", "--on-bad", "skip"}, {.input = lines});
  EXPECT_EQ(skipping.code, 0) << skipping.err;
}

TEST_F(TextsCli, ABeginningLikeJsonDoesNotSilenceWhatFollows) {
  train();
  const Outcome predicted =
      run(folder_, {"predict", folder_ / "model", "-"}, {.input = "{curly} start\nthe films was good 0.\n"});
  EXPECT_EQ(predicted.code, 3);
  EXPECT_NE(predicted.err.find("standard input:1"), std::string::npos) << predicted.err;
  EXPECT_NE(predicted.out.find("standard input:2\t1"), std::string::npos) << predicted.out;
}

TEST_F(TextsCli, ALineThatIsTooLongIsToldAndTheOthersAnswered) {
  train();
  const std::string longest((std::size_t{16} << 20U) + 1, 'x');
  const Outcome predicted =
      run(folder_, {"predict", folder_ / "model", "-"}, {.input = longest + "\nthe films was good 0.\n"});
  EXPECT_EQ(predicted.code, 3);
  EXPECT_NE(predicted.err.find("standard input:1: a line of more than 16"), std::string::npos) << predicted.err;
  EXPECT_NE(predicted.out.find("standard input:2\t1"), std::string::npos) << predicted.out;
}

TEST_F(TextsCli, PredictSaysThatWordsAreUnknown) {
  train();
  const Outcome predicted = run(folder_, {"predict", folder_ / "model", "-"}, {.input = "the zebra was good\n"});
  EXPECT_EQ(predicted.code, 0) << predicted.err;
  EXPECT_NE(predicted.err.find("1 of 6 tokens unknown to the vocabulary, in 1 example"), std::string::npos)
      << predicted.err;
}

TEST_F(TextsCli, InspectTellsCostsOfALength) {
  const auto flops = [&](std::vector<std::string> words) {
    words.insert(words.begin(), {"inspect", backbone_, "--json"});
    const Outcome shown = run(folder_, words);
    EXPECT_EQ(shown.code, 0) << shown.err;
    const json told = json::parse(shown.out);
    return std::pair(told.at("length").get<int>(), told.at("flops").get<int>());
  };
  const auto [usual, all] = flops({});
  const auto [ten, of_ten] = flops({"--max-length", "10"});
  EXPECT_EQ(usual, 128);
  EXPECT_EQ(ten, 10);
  EXPECT_EQ(of_ten, 10 * 2 * 8 * 8);
  EXPECT_EQ(all, 128 * 2 * 8 * 8);
}

TEST_F(TextsCli, InspectShowsWhatTheNetworkReads) {
  const Outcome shown = run(folder_, {"inspect", backbone_, "--text", "The films", "--json"});
  ASSERT_EQ(shown.code, 0) << shown.err;
  const json tokens = json::parse(shown.out).at("tokens");
  ASSERT_EQ(tokens.size(), 5U);
  EXPECT_EQ(tokens[1].at("piece"), "the");
  EXPECT_EQ(tokens[3].at("piece"), "##s");
  EXPECT_EQ(tokens[3].at("id"), 11);
  EXPECT_EQ(tokens[3].at("characters"), (json{8, 9}));
  EXPECT_EQ(tokens[0].at("special"), 1);
  const Outcome table =
      run(folder_, {"inspect", (folder_ / "network").string(), "--text", "The films", "--text", "good"});
  ASSERT_EQ(table.code, 0) << table.err;
  EXPECT_NE(table.out.find("##s"), std::string::npos) << table.out;
  EXPECT_NE(table.out.find("7 tokens"), std::string::npos) << table.out;
}

TEST_F(TextsCli, InspectTakesOneTextOrTwo) {
  const Outcome three = run(folder_, {"inspect", backbone_, "--text", "a", "--text", "b", "--text", "c"});
  EXPECT_EQ(three.code, 2) << three.err;
  EXPECT_NE(three.err.find("--text: 3 texts"), std::string::npos) << three.err;
}

TEST_F(TextsCli, ANetworkForPicturesReadsNoTexts) {
  const Outcome refused = run(folder_, {"inspect", "efficientnet_lite0", "--text", "x"});
  EXPECT_EQ(refused.code, 2) << refused.err;
}

TEST_F(TextsCli, AnUnknownTextColumnIsRefusedWithThoseThere) {
  write(folder_ / "table.csv", "body,label\nthe film was good,a\nthe film was bad,b\n");
  const Outcome refused = run(folder_, {"train", folder_ / "table.csv", "--backbone", backbone_, "--text-column",
                                        "boddy", "--output", folder_ / "model"});
  EXPECT_EQ(refused.code, 2);
  EXPECT_NE(refused.err.find("boddy"), std::string::npos) << refused.err;
  EXPECT_NE(refused.err.find("body, label"), std::string::npos) << refused.err;
}

}  // namespace
}  // namespace enxerto::test
