#include <gtest/gtest.h>

#include "enxerto/report/html.h"
#include "enxerto/report/json.h"
#include "enxerto/report/model_card.h"

namespace enxerto {
namespace {

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

/// Figures and a table that no part of the report knows by name.
RunReport example() {
  MetricsReport metrics;
  metrics.examples = 12;
  metrics.values = {
      {.name = "word_error_rate", .value = 0.25, .interval = Interval{0.1, 0.4}, .higher_is_better = false},
      {.name = "perplexity", .value = 12.345, .higher_is_better = false, .share = false},
      {.name = "long.share", .value = 0.5, .title = "long <ones>"},
      {.name = "words", .value = 987, .share = false, .shown = false}};
  metrics.tables = {{.name = "per_length",
                     .title = "By length",
                     .note = "Of sentences.",
                     .columns = {{.name = "length", .title = "length"},
                                 {.name = "right", .title = "right", .share = true},
                                 {.name = "delay", .title = "delay"}},
                     .rows = {{std::string("<short>"), 0.75, Estimate{3, {2, 4}}}, {std::string("long"), 0.5, 7.5}},
                     .hardest = 1}};
  RunReport report;
  report.title = "made up";
  report.evaluations = {{.name = "test", .note = "", .metrics = metrics}};
  PhaseRow phase;
  phase.name = "phase 1";
  for (const double value : {0.9, 0.4, 0.3}) phase.history.append("val_word_error_rate", value);
  report.phases = {phase};
  return report;
}

TEST(Html, ShowsAMetricThatItDoesNotKnow) {
  const std::string html = to_html(example());
  for (const char* part : {"Word error rate", "<div class=big>25.0 %</div>", "95 % interval 10.0&nbsp;% to 40.0&nbsp;%",
                           "12.35", "perplexity", "long &lt;ones&gt;", "By length", "The hardest first. Of sentences.",
                           "&lt;short&gt;", "2 to 4", "epoch 2, validation: 0.4<"})
    EXPECT_TRUE(has(html, part)) << part;
  EXPECT_LT(html.find("<td class=name>long"), html.find("<td class=name>&lt;short&gt;"));
  EXPECT_FALSE(has(html, "987"));
}

TEST(Html, ShowsAShareWithItsIntervalInPercent) {
  RunReport report = example();
  report.evaluations.front().metrics.tables.front().rows = {{std::string("all"), Estimate{0.5, {0.25, 0.75}}, 1.0}};
  const std::string html = to_html(report);
  EXPECT_TRUE(has(html, "50.0 % <span class=soft>25.0 % to 75.0 %</span>"));
  EXPECT_TRUE(has(html, "<th class=num>Right"));
}

TEST(ReportJson, WritesAMetricThatItDoesNotKnow) {
  const Json metrics = to_json(example())["evaluations"][0]["metrics"];
  EXPECT_EQ(metrics["word_error_rate"], (Json{{"value", 0.25}, {"low", 0.1}, {"high", 0.4}}));
  EXPECT_EQ(metrics["perplexity"], 12.345);
  EXPECT_EQ(metrics["long"]["share"], 0.5);
  EXPECT_EQ(metrics["words"].dump(), "987");
  EXPECT_EQ(metrics["per_length"][0]["length"], "<short>");
  EXPECT_EQ(metrics["per_length"][0]["delay"]["high"], 4.0);
  EXPECT_EQ(metrics["per_length"][1]["delay"], 7.5);
}

TEST(ModelCard, NamesAMetricThatItDoesNotKnow) {
  const std::string card = to_model_card(example());
  EXPECT_TRUE(has(card, "| word error rate | 95 % interval | perplexity |"));
  EXPECT_TRUE(has(card, "| test | 12 | 25.0 % | 10.0 % to 40.0 % | 12.35 |"));
}

}  // namespace
}  // namespace enxerto
