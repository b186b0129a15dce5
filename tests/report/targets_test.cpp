#include <gtest/gtest.h>

#include <cmath>

#include "enxerto/metrics/accuracy.h"
#include "enxerto/metrics/label_scores.h"
#include "enxerto/metrics/roc_auc.h"
#include "enxerto/metrics/value_errors.h"
#include "enxerto/report/figures.h"
#include "enxerto/report/format.h"
#include "enxerto/report/html.h"
#include "enxerto/report/json.h"
#include "enxerto/report/model_card.h"
#include "tests/metrics/batch.h"

namespace enxerto {
namespace {

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

RunReport report_of(MetricsReport metrics, std::vector<std::string> labels) {
  RunReport report;
  report.title = "made up";
  report.labels = std::move(labels);
  report.evaluations = {{.name = "test", .note = "", .metrics = metrics},
                        {.name = "validation", .note = "", .metrics = std::move(metrics)}};
  return report;
}

RunReport of_labels() {
  const std::vector<std::string> names{"sea", "<sky>", "nowhere"};
  MetricSet metrics = testing::set_of(LabelScores(names));
  metrics.update(
      testing::probabilities(Tensor::of<float>({4, 3}, {0.9F, 0.2F, 0, 0.8F, 0.6F, 0, 0.3F, 0.7F, 0, 0.6F, 0.1F, 0})),
      testing::target(Tensor::of<float>({4, 3}, {1, 0, 0, 1, 1, 0, 0, 1, 0, 0, 0, 0})));
  return report_of(metrics.report(), names);
}

RunReport of_values(std::size_t values) {
  const std::vector<std::string> names(values, "price <of> it");
  MetricSet metrics = testing::set_of(ValueErrors(names));
  const auto width = static_cast<std::int64_t>(values);
  std::vector<float> targets, predictions;
  for (std::size_t i = 0; i < 8 * values; ++i) {
    targets.push_back(static_cast<float>(i) * 1000);
    predictions.push_back(targets.back() + (i % 2 == 0 ? 300.0F : -500.0F));
  }
  metrics.update(testing::probabilities(Tensor::of<float>({8, width}, predictions)),
                 testing::target(Tensor::of<float>({8, width}, targets)));
  return report_of(metrics.report(), names);
}

TEST(Evaluations, OfUnlikeFiguresAreComparedByTheirNames) {
  RunReport report = report_of({}, {});
  MetricsReport &test = report.evaluations[0].metrics, &validation = report.evaluations[1].metrics;
  test.examples = validation.examples = 8;
  test.values = {{.name = "bleu", .value = 34.5, .share = false},
                 {.name = "perplexity", .value = 4.25, .share = false}};
  validation.values = {{.name = "perplexity", .value = 6.75, .share = false},
                       {.name = "bits", .value = 1.125, .share = false}};
  const std::string html = to_html(report), card = to_model_card(report);
  EXPECT_TRUE(has(html, "<td class=num data-of='Bleu'>–") || has(html, "<td data-of='Bleu' class=num>–")) << html;
  EXPECT_TRUE(has(html, "6.75"));
  EXPECT_FALSE(has(html, "1.125")) << "bits stand in no column of perplexity";
  EXPECT_TRUE(has(card, "| test | 8 | 34.5 | – | 4.25 |")) << card;
  EXPECT_TRUE(has(card, "| validation | 8 | – | – | 6.75 |")) << card;
}

TEST(Measure, HasFourDigitsAndNoMore) {
  EXPECT_EQ(measure(0.12345), "0.1235");
  EXPECT_EQ(measure(12.3456), "12.35");
  EXPECT_EQ(measure(312345.6), "312,346");
  EXPECT_EQ(measure(-4321), "-4,321");
  EXPECT_EQ(measure(1.23e-5), "1.23e-05");
  EXPECT_EQ(measure(std::nan("")), "–");
}

TEST(HtmlOfLabels, ShowsEachLabelTheHardestFirst) {
  const std::string html = to_html(of_labels());
  for (const char* part : {"Mean average precision", "<div class=big>100.0 %</div>", "exact match", "75.0 %",
                           "Label by label", "&lt;sky&gt;", "ROC AUC, mean over labels"})
    EXPECT_TRUE(has(html, part)) << part;
  EXPECT_LT(html.find("&lt;sky&gt;"), html.find("nowhere")) << "labels without pictures come last";
  EXPECT_FALSE(has(html, "Confusion matrix"));
  EXPECT_FALSE(has(html, "nan"));
}

TEST(HtmlOfValues, ShowsErrorsBesideThoseOfTheMean) {
  const std::string html = to_html(of_values(1));
  for (const char* part : {"Mean absolute error", "<div class=big>400</div>", "95 % interval",
                           "Always predicting the mean: 2,000", "Value by value", "price &lt;of&gt; it", "2,000"})
    EXPECT_TRUE(has(html, part)) << part;
  EXPECT_TRUE(has(to_html(of_values(2)), "R², mean over values"));
}

TEST(ShownFigures, BeginWithADashWhereNothingWasSeen) {
  for (const MetricsReport& empty : {testing::set_of(LabelScores({"a", "b"})).report(),
                                     testing::set_of(ValueErrors({"a"})).report(), MetricsReport{}}) {
    EXPECT_EQ(text_of(shown_figures(empty).front()), "–");
    EXPECT_FALSE(has(to_html(report_of(empty, {"a", "b"})), "nan"));
  }
}

TEST(JsonOfTargets, GivesFiguresByLabelAndByValue) {
  const Json labels = to_json(of_labels())["evaluations"][0]["metrics"];
  EXPECT_EQ(labels["mean_average_precision"], 1.0);
  EXPECT_EQ(labels["subset_accuracy"]["value"], 0.75);
  EXPECT_EQ(labels["per_label"][1]["label"], "<sky>");
  EXPECT_EQ(labels["per_label"][1]["support"], 2);
  EXPECT_TRUE(labels["per_label"][2]["average_precision"].is_null());
  const Json values = to_json(of_values(2))["evaluations"][1]["metrics"];
  EXPECT_EQ(values["per_value"].size(), 2U);
  EXPECT_EQ(values["per_value"][0]["mae"]["value"], 300.0);
  EXPECT_GT(values["mean_r2"].get<double>(), 0.9);
}

TEST(JsonOfClasses, HasNullForARocAucThatIsNotKnown) {
  EXPECT_TRUE(to_json(testing::set_of(RocAuc()).report())["roc_auc"]["value"].is_null());
  EXPECT_FALSE(to_json(testing::set_of(Accuracy()).report()).contains("roc_auc"));
}

TEST(ModelCardOfTargets, SaysWhatTheModelTells) {
  RunReport of_three = of_labels(), of_one = of_values(1);
  of_three.words = {.purpose = "It says which of 3 labels a picture has: ",
                    .use = "labels",
                    .details = "Scores by label are in report.html.",
                    .limits = ""};
  of_one.words = {.purpose = "It predicts numbers for a picture, 1: ",
                  .use = "the numbers, in the units of the data",
                  .details = "",
                  .limits = ""};
  const std::string labels = to_model_card(of_three);
  for (const char* part : {"which of 3 labels a picture has", "| mean average precision |",
                           "| test | 4 | 100.0 % | – |", "\\<sky\\>", "Scores by label"})
    EXPECT_TRUE(has(labels, part)) << part;
  const std::string values = to_model_card(of_one);
  for (const char* part : {"It predicts numbers for a picture, 1: price", "| mean absolute error |", "| 400 |",
                           "# the numbers, in the units of the data"})
    EXPECT_TRUE(has(values, part)) << part;
}

}  // namespace
}  // namespace enxerto
