#include <gtest/gtest.h>

#include "enxerto/report/format.h"
#include "enxerto/report/json.h"
#include "enxerto/report/model_card.h"
#include "tests/report/example.h"

namespace enxerto {
namespace {

using testing::example_report;

TEST(Duration, ReadsAsPeopleSayIt) {
  EXPECT_EQ(duration(0.42), "0.42 s");
  EXPECT_EQ(duration(0.999), "1.0 s");
  EXPECT_EQ(duration(12.34), "12.3 s");
  EXPECT_EQ(duration(59.99), "1 min 0 s");
  EXPECT_EQ(duration(192), "3 min 12 s");
  EXPECT_EQ(duration(3900), "1 h 05 min");
}

TEST(EscapeMarkdown, KeepsATableCellTogether) {
  EXPECT_EQ(escape_markdown("a|b"), "a\\|b");
  EXPECT_EQ(escape_markdown("a\nb"), "a↵b");
  EXPECT_EQ(escape_markdown("<b>[x](y)"), "\\<b\\>\\[x\\]\\(y\\)");
}

TEST(ReportJson, GivesSharesWithTheirInterval) {
  const Json json = to_json(example_report());
  const Json& metrics = json["evaluations"][0]["metrics"];
  EXPECT_DOUBLE_EQ(metrics["accuracy"]["value"].get<double>(), 0.905);
  EXPECT_LT(metrics["accuracy"]["low"].get<double>(), 0.905);
  EXPECT_GT(metrics["accuracy"]["high"].get<double>(), 0.905);
  EXPECT_EQ(metrics["per_class"][1]["label"], "dog");
  EXPECT_EQ(metrics["per_class"][1]["support"], 50);
  EXPECT_EQ(metrics["confusion"].size(), 4U);
  EXPECT_EQ(json["skipped"][0]["id"], "cat/broken.jpg");
  EXPECT_EQ(json["search"]["chosen_l2"], 10);
  EXPECT_EQ(json["search"]["chosen_by"], "cross-validation");
  EXPECT_EQ(json["precision"]["prefix"], "bf16");
  EXPECT_EQ(json["facts"]["Backbone"], "resnet18");
}

TEST(ReportJson, WritesNullForWhatIsNotANumber) {
  const Json json = to_json(testing::class_metrics({"a", "b"}).report());
  EXPECT_TRUE(json["accuracy"]["value"].is_null());
  EXPECT_TRUE(json["accuracy"]["low"].is_null());
  EXPECT_TRUE(json["log_loss"].is_null());
  EXPECT_NO_THROW(parse_json(json.dump(), "metrics"));
}

TEST(ReportJson, GivesABaselineWhereOneIsKnown) {
  MetricsReport report;
  report.values = {{.name = "accuracy",
                    .value = 0.9,
                    .interval = Interval{0.8, 0.95},
                    .baseline = Baseline{.value = 0.5, .name = "always predicting cat"}}};
  EXPECT_EQ(to_json(report)["accuracy"]["baseline"], (Json{{"value", 0.5}, {"name", "always predicting cat"}}));
  EXPECT_FALSE(to_json(report).contains("baselines"));
  report.values[0].name = "macro.accuracy";
  report.values[0].interval.reset();
  EXPECT_EQ(to_json(report)["macro"]["accuracy"], 0.9) << "a number, as ever";
  EXPECT_EQ(to_json(report)["baselines"]["macro"]["accuracy"],
            (Json{{"value", 0.5}, {"name", "always predicting cat"}}));
}

TEST(ModelCard, SaysWhatTheModelIsAndHowWellItDoes) {
  const std::string card = to_model_card(example_report());
  for (const char* part :
       {"# animals \\<with\\> resnet18", "4 classes", "cat, dog", "| 200 | 90.5 % | 85.6 % to 93.8 % |", "resnet18",
        "bf16", "Apache-2.0", "1 picture could not be read", "train \\& test",
        "enxerto train DATA --recipe recipe.toml"}) {
    EXPECT_NE(card.find(part), std::string::npos) << part;
  }
  EXPECT_EQ(card.find("<script"), card.find("\\<script") + 1);
}

TEST(ModelCard, HasAListOfManyClassesAndASentenceOfAFew) {
  RunReport report;
  report.words.purpose = "It says which: ";
  report.labels = {"cat", "dog"};
  EXPECT_NE(to_model_card(report).find("It says which: cat, dog.\n"), std::string::npos);
  for (int i = 0; i < 20; ++i) report.labels.push_back("class" + std::to_string(i));
  const std::string card = to_model_card(report);
  EXPECT_NE(card.find("It says which: cat, dog, class0, class1, class2 and 17 more.\n"), std::string::npos) << card;
  EXPECT_NE(card.find("<details><summary>Their names</summary>\n\n- cat\n- dog\n"), std::string::npos) << card;
}

TEST(ModelCard, NamesTheFirstFiftyClassesOnly) {
  RunReport report;
  for (int i = 0; i < 60; ++i) report.labels.push_back("class" + std::to_string(i));
  const std::string card = to_model_card(report);
  EXPECT_NE(card.find("class49"), std::string::npos);
  EXPECT_EQ(card.find("class50"), std::string::npos);
}

}  // namespace
}  // namespace enxerto
