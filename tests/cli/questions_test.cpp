#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "program.h"
#include "tests/workflow/text_backbone.h"

namespace enxerto::test {
namespace {

using nlohmann::json;

class QuestionsCli : public ::testing::Test {
 protected:
  QuestionsCli() : backbone_(testing::write_text_backbone(folder_ / "network").string()) {
    json paragraphs = json::array();
    for (int i = 0; i < 40; ++i) {
      const std::string before = std::string("film ") + std::to_string(i) + " bad ";
      paragraphs.push_back({{"context", before + "good film"},
                            {"qas",
                             {{{"id", "q" + std::to_string(i)},
                               {"question", "the film?"},
                               {"answers", {{{"text", "good"}, {"answer_start", before.size()}}}}}}}});
    }
    write(folder_ / "films.json", json{{"data", {{{"paragraphs", paragraphs}}}}}.dump());
  }

  void train() const {
    const Outcome trained =
        run(folder_, {"train", folder_ / "films.json", "--backbone", backbone_, "--output", folder_ / "model",
                      "--epochs", "20", "--learning-rate", "0.05", "--batch-size", "8"});
    ASSERT_EQ(trained.code, 0) << trained.err;
    EXPECT_NE((trained.err + trained.out).find("F1"), std::string::npos) << trained.out;
  }

  Folder folder_;
  std::string backbone_;
};

TEST_F(QuestionsCli, AreAnsweredFromStandardInputWithScoreAndPlace) {
  train();
  const Outcome predicted = run(folder_, {"predict", folder_ / "model", "-"},
                                {.input = "{\"question\": \"the film?\", \"context\": \"bad bad good film\"}\n"});
  ASSERT_EQ(predicted.code, 0) << predicted.err;
  EXPECT_TRUE(predicted.out.starts_with("standard input:1\tgood\t0.")) << predicted.out;
  EXPECT_TRUE(predicted.out.ends_with("\t8\t12\n")) << predicted.out;
}

TEST_F(QuestionsCli, AreAnsweredFromAFileWithTheNextBestForPrograms) {
  train();
  const Outcome predicted = run(folder_, {"predict", folder_ / "model", folder_ / "films.json", "--json", "-k", "3"});
  ASSERT_EQ(predicted.code, 0) << predicted.err;
  const json predictions = json::parse(predicted.out).at("predictions");
  ASSERT_EQ(predictions.size(), 40U);
  EXPECT_EQ(predictions[7].at("file"), "q7");
  EXPECT_EQ(predictions[7].at("answer"), "good");
  EXPECT_EQ(predictions[7].at("start"), 11);
  EXPECT_EQ(predictions[7].at("top").size(), 3U);
}

TEST_F(QuestionsCli, AreWrittenAsSquadsEvaluationReadsThem) {
  train();
  const Outcome predicted = run(folder_, {"predict", folder_ / "model", folder_ / "films.json", "--format", "squad"});
  ASSERT_EQ(predicted.code, 0) << predicted.err;
  const json answers = json::parse(predicted.out);
  EXPECT_EQ(answers.size(), 40U);
  EXPECT_EQ(answers.at("q7"), "good");
}

TEST_F(QuestionsCli, TakeTheOptionsOfTheirTaskOnly) {
  train();
  const Outcome refused =
      run(folder_, {"predict", folder_ / "model", folder_ / "films.json", "--no-answer-threshold", "1"});
  EXPECT_EQ(refused.code, 2);
  EXPECT_NE(refused.err.find("--no-answer-threshold"), std::string::npos) << refused.err;
  const Outcome shorter =
      run(folder_, {"predict", folder_ / "model", folder_ / "films.json", "--max-answer-length", "1"});
  EXPECT_EQ(shorter.code, 0) << shorter.err;
}

TEST_F(QuestionsCli, AreInspectedEvaluatedAndExported) {
  const Outcome seen = run(folder_, {"inspect", folder_ / "films.json"});
  EXPECT_EQ(seen.code, 0) << seen.err;
  EXPECT_NE(seen.out.find("question answering"), std::string::npos) << seen.out;
  train();
  const Outcome judged = run(folder_, {"evaluate", folder_ / "model", folder_ / "films.json", "--json"});
  EXPECT_EQ(judged.code, 0) << judged.err;
  EXPECT_NE(judged.out.find("\"exact_match\""), std::string::npos) << judged.out;
  const Outcome exported = run(folder_, {"export", folder_ / "model", "--output", folder_ / "model.onnx"});
  EXPECT_EQ(exported.code, 0) << exported.err;
  EXPECT_EQ(run(folder_, {"verify", folder_ / "model"}).code, 0);
}

}  // namespace
}  // namespace enxerto::test
