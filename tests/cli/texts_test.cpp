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

TEST_F(TextsCli, ANetworkForPicturesReadsNoTexts) {
  const Outcome refused = run(folder_, {"inspect", "efficientnet_lite0", "--text", "x"});
  EXPECT_EQ(refused.code, 2) << refused.err;
}

TEST_F(TextsCli, AnUnknownTextColumnIsRefusedWithThoseThere) {
  write(folder_ / "table.csv", "body,label\nthe film was good,a\nthe film was bad,b\n");
  const Outcome refused = run(folder_, {"train", folder_ / "table.csv", "--backbone", backbone_, "--text-column",
                                        "boddy", "--output", folder_ / "model"});
  EXPECT_EQ(refused.code, 3);
  EXPECT_NE(refused.err.find("boddy"), std::string::npos) << refused.err;
  EXPECT_NE(refused.err.find("body, label"), std::string::npos) << refused.err;
}

}  // namespace
}  // namespace enxerto::test
