#include "enxerto/report/html.h"

#include <gtest/gtest.h>

#include <limits>

#include "enxerto/report/charts.h"
#include "enxerto/report/figures.h"
#include "tests/report/example.h"

namespace enxerto {
namespace {

using testing::example_report;

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

TEST(Html, ShowsEverySection) {
  const std::string html = to_html(example_report());
  for (const char* part :
       {"90.5 %", "95 % interval 85.6&nbsp;% to 93.8&nbsp;%", "chose nothing", "resnet18", "Where the time went",
        "12.8 s in all", "extract features", "200 pictures", "Log loss, held out", "Chosen: 10.",
        "cosine of the features ≥ 0.99991", "99.8 %", "cat/broken.jpg", "Apache-2.0", "<summary>Recipe",
        "3 files are in both train &amp; test", "enxerto 0.1.0"}) {
    EXPECT_TRUE(has(html, part)) << part;
  }
}

TEST(Html, ShowsWhatTheHeadlineIsToBeComparedWith) {
  RunReport report = example_report();
  report.advice = "a <larger> input";
  MetricsReport& metrics = report.evaluations.front().metrics;
  metrics.values.front().baseline = {.value = 0.25, .name = "always predicting <cat>"};
  metrics.values.insert(metrics.values.begin() + 1,
                        {.name = "balanced_accuracy",
                         .value = 0.5,
                         .baseline = Baseline{.value = 0.25, .name = "always predicting one class"}});
  const std::string html = to_html(report);
  for (const char* part : {"Always predicting &lt;cat&gt;: 25.0 %", "<div class=second>50.0 %</div>",
                           "Always predicting one class: 25.0 %", "Try a &lt;larger&gt; input"})
    EXPECT_TRUE(has(html, part)) << part;
  EXPECT_EQ(headline(metrics).size(), 2U);
}

TEST(Html, EscapesEveryTextFromOutside) {
  const std::string html = to_html(example_report());
  EXPECT_FALSE(has(html, "<script"));
  EXPECT_TRUE(has(html, "&lt;script&gt;alert(1)&lt;/script&gt;"));
  EXPECT_TRUE(has(html, "animals &lt;with&gt; resnet18"));
  EXPECT_TRUE(has(html, "truncated &lt;JPEG&gt;"));
  EXPECT_TRUE(has(html, "animals &amp; friends"));
  EXPECT_TRUE(has(html, "line↵break"));
}

TEST(Html, NeedsNoNetwork) {
  const std::string html = to_html(example_report());
  for (const char* part : {"http:", "https:", "src=", "href=", "@import", "url("})
    EXPECT_FALSE(has(html, part)) << part;
}

TEST(Html, ShowsExamplesAsTheyAreGiven) {
  RunReport report = example_report();
  report.command = "enxerto train 'my <pictures>'";
  report.previews.mistakes = {
      {.uri = "data:image/jpeg;base64,AAAA", .id = "cat/<1>.jpg", .truth = "cat", .predicted = "dog 97.3 %"}};
  report.previews.samples = {{.name = "<dog>", .uris = {"data:image/jpeg;base64,BBBB"}}};
  report.previews.augmented = {"data:image/jpeg;base64,CCCC", "data:image/jpeg;base64,DDDD"};
  const std::string html = to_html(report);
  for (const char* part : {"Worst mistakes", "src='data:image/jpeg;base64,AAAA'", "cat/&lt;1&gt;.jpg",
                           "dog 97.3&nbsp;%", "Training pictures", "&lt;dog&gt;", "base64,BBBB", "Augmentation",
                           "base64,DDDD", "enxerto train &#39;my &lt;pictures&gt;&#39;"})
    EXPECT_TRUE(has(html, part)) << part;
  for (const char* part : {"http:", "https:", "href=", "<script"}) EXPECT_FALSE(has(html, part)) << part;
}

TEST(Html, ShowsTheWordsOfAMistakeWhereThereIsNoPicture) {
  RunReport report = example_report();
  report.nouns = "texts";
  report.previews.mistakes = {
      {.uri = "", .id = "q1", .truth = "red", .predicted = "blue 97 %", .text = "[CLS] what <colour>?"}};
  const std::string html = to_html(report);
  for (const char* part : {"Of the test texts", "[CLS] what &lt;colour&gt;?", "blue 97&nbsp;%", "q1"})
    EXPECT_TRUE(has(html, part)) << part;
  EXPECT_FALSE(has(html, "<img"));
}

TEST(Html, DrawsNoMarkForAnIntervalThatIsNone) {
  RunReport report = example_report();
  MetricValue& first = report.evaluations.front().metrics.values.front();
  ASSERT_TRUE(first.interval);
  EXPECT_TRUE(has(to_html(report), "<div class=range>"));
  first.interval->low = first.interval->high = std::numeric_limits<double>::quiet_NaN();
  const std::string html = to_html(report);
  EXPECT_FALSE(has(html, "<div class=range>"));
  EXPECT_FALSE(has(html, "nan%"));
}

TEST(Html, SaysThatCurvesAreOfTheFirstFold) {
  RunReport report = example_report();
  PhaseRow& phase = report.phases.emplace_back();
  phase.history.series = {{"loss", {1, 0.5}}};
  EXPECT_FALSE(has(to_html(report), "folds"));
  report.folds = 3;
  EXPECT_TRUE(has(to_html(report), "by the mean of 3 folds, the curves and what is said of them are of the first"));
}

TEST(Html, SaysWhatTheColoursOfADrawingStandFor) {
  RunReport report = example_report();
  report.previews.best = {
      {.uri = "data:a", .id = "1.jpg", .truth = "sky", .predicted = "sea", .text = "", .drawn = "data:b"}};
  report.words.legend = {{"<sky>", "#0080ff"}};
  const std::string html = to_html(report);
  EXPECT_TRUE(has(html, "style='background:#0080ff'></i>&lt;sky&gt;"));
}

TEST(Html, DrawsCurvesOfPrecisionOverRecall) {
  RunReport report = example_report();
  report.evaluations.front().metrics.curves = {{.name = "AP50", .points = {{0, 1}, {0.5, 0.25}, {1, 0}}}};
  const std::string html = to_html(report);
  EXPECT_TRUE(has(html, "Precision over recall: AP50"));
  EXPECT_TRUE(has(html, "241.0,152.5")) << "the middle of recall, a quarter of precision";
  EXPECT_EQ(recall_chart({}), "");
}

TEST(ScatterChart, DrawsAPointForEachPairOfNumbers) {
  const std::string svg =
      scatter_chart({.name = "<price>", .points = {{1, 2}, {3, 3}, {5, std::numeric_limits<double>::infinity()}}});
  EXPECT_EQ(svg.find("<circle", svg.find("<circle", svg.find("<circle") + 1) + 1), std::string::npos) << "two points";
  EXPECT_TRUE(has(svg, "&lt;price&gt;: prediction against truth"));
  EXPECT_EQ(scatter_chart({.name = "one", .points = {{1, 1}}}), "");
}

TEST(Html, LeavesOutWhatIsNotThere) {
  RunReport report;
  report.title = "empty";
  const std::string html = to_html(report);
  for (const char* part : {"Where the time went", "Search for", "Skipped", "Recipe", "Class by class", "nan", "inf"}) {
    EXPECT_FALSE(has(html, part)) << part;
  }
  EXPECT_TRUE(html.ends_with("</html>\n"));
}

TEST(Html, ShowsADashForWhatIsNotANumber) {
  RunReport report = example_report();
  report.evaluations = {{.name = "test", .note = "", .metrics = testing::class_metrics(report.labels).report()}};
  const std::string html = to_html(report);
  EXPECT_TRUE(has(html, "<div class=big>–</div>"));
  EXPECT_FALSE(has(html, "nan"));
}

TEST(Html, SaysOnceWhyManyPicturesWereSkippedAndFoldsTheirNames) {
  RunReport report = example_report();
  report.skipped.clear();
  for (int i = 0; i < 30; ++i) {
    const std::string name = "cat/" + std::to_string(i) + ".jpg";
    report.skipped.push_back({name, name + ": a text file; expected a picture"});
  }
  const std::string html = to_html(report);
  EXPECT_EQ(html.find("a text file"), html.rfind("a text file"));
  EXPECT_TRUE(has(html, "a text file; expected a picture <span class=soft>(30)</span></p><details><summary>Names"));
  EXPECT_TRUE(has(html, "<li class=name>cat/29.jpg</li>"));
}

TEST(Html, ListsSkippedPicturesUpToALimit) {
  RunReport report = example_report();
  report.skipped.assign(1000, {"a.jpg", "bad"});
  const std::string html = to_html(report);
  EXPECT_TRUE(has(html, "1,000 pictures could not be read"));
  EXPECT_TRUE(has(html, "The first 200 are shown"));
}

TEST(Html, DrawsNoMatrixOfAThousandClasses) {
  RunReport report;
  report.labels.assign(1000, "x");
  MetricSet metrics = testing::class_metrics(report.labels);
  std::vector<float> row(1000, 0.0F);
  row[3] = 1;
  metrics.update(testing::probabilities(Tensor::of<float>({1, 1000}, row)),
                 testing::target(Tensor::of<std::int64_t>({1}, {7})));
  report.evaluations = {{.name = "test", .note = "", .metrics = metrics.report()}};
  const std::string html = to_html(report);
  EXPECT_TRUE(has(html, "The matrix of 1000 classes is in history.json"));
  EXPECT_LT(html.size(), 1'000'000U);
}

TEST(MostConfused, CountsDownAndBreaksTiesByIndex) {
  const Confusion confusion{.names = {"a", "b", "c"}, .counts = {{9, 2, 1}, {2, 9, 5}, {0, 0, 9}}};
  const std::vector<ConfusedPair> pairs = most_confused(confusion, 3);
  ASSERT_EQ(pairs.size(), 3U);
  EXPECT_EQ(pairs[0].count, 5U);
  EXPECT_EQ(pairs[1].truth, 0U);
  EXPECT_EQ(pairs[2].truth, 1U);
  EXPECT_EQ(most_confused(confusion, 99).size(), 4U);
}

TEST(LineChart, DrawsOnePointAndLeavesOutWhatCannotBeDrawn) {
  constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
  LineChart chart{.title = "t", .x_label = "x", .points = {}, .chosen = {}, .as_percent = true};
  EXPECT_EQ(line_chart(chart), "");
  chart.points = {{.x = 0, .y = 1, .tip = ""}, {.x = 1, .y = kNaN, .tip = ""}};
  EXPECT_EQ(line_chart(chart), "");
  chart.points.push_back({.x = 10, .y = 0.5, .tip = "<here>"});
  chart.chosen = {2};
  const std::string svg = line_chart(chart);
  EXPECT_TRUE(has(svg, "<circle class=chosen"));
  EXPECT_TRUE(has(svg, "&lt;here&gt;"));
  EXPECT_FALSE(has(svg, "nan"));
}

TEST(HeatMap, DrawsOneCellForEachPairThatHappened) {
  const std::vector<std::string> labels{"a", "b"};
  const std::vector<std::int64_t> counts{3, 1, 0, 4};
  const std::string svg = heat_map({.labels = labels, .counts = counts});
  EXPECT_TRUE(has(svg, "a predicted as b: 1 of 4 (25.0 %)"));
  EXPECT_TRUE(has(svg, "b predicted as b: 4 of 4 (100.0 %)"));
  EXPECT_FALSE(has(svg, "b predicted as a"));
  EXPECT_EQ(heat_map({.labels = labels, .counts = {}}), "");
}

TEST(HeatMap, ShortensCountsThatDoNotFitIntoACell) {
  const std::vector<std::string> labels{"a", "b"};
  const std::vector<std::int64_t> counts{9'999, 12'345, 1'234'567, 34'000'000};
  const std::string svg = heat_map({.labels = labels, .counts = counts});
  for (const char* shown : {">9999<", ">12k<", ">1.2M<", ">34M<"}) EXPECT_TRUE(has(svg, shown)) << shown;
  EXPECT_TRUE(has(svg, "b predicted as a: 1234567 of"));
}

/// The number behind `name` in the picture.
double number_after(const std::string& svg, const std::string& name) {
  const std::size_t at = svg.find(name);
  return at == std::string::npos ? -1 : std::stod(svg.substr(at + name.size()));
}

TEST(HeatMap, IsAsWideAsItsLabelsNeedAndFitsOnAPhoneWhereTheClassesAreFew) {
  const std::vector<std::int64_t> counts(100, 1);
  const std::vector<std::string> ten{"airplane", "automobile", "bird",  "cat",  "deer",
                                     "dog",      "frog",       "horse", "ship", "truck"};
  EXPECT_LE(number_after(heat_map({.labels = ten, .counts = counts}), "min-width:"), 340);
  const std::vector<std::int64_t> four(4, 1);
  const std::string wide(18, 'W');
  const std::vector<std::string> labels{wide, wide};
  const std::string svg = heat_map({.labels = labels, .counts = four});
  EXPECT_GE(number_after(svg, "<rect class=field x='"), 18 * 0.94 * 12)
      << "eighteen W's in 12 px end where cells begin";
  const double width = number_after(svg, "viewBox='0 0 "),
               last = number_after(svg.substr(svg.rfind("translate(")), "translate(");
  EXPECT_GE(width - last, 18 * 0.94 * 12 * 0.7) << "the slanted label of the last column";
}

}  // namespace
}  // namespace enxerto
