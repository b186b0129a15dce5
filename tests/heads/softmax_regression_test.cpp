#include "enxerto/heads/softmax_regression.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <limits>
#include <string>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/heads/softmax_loss.h"
#include "tests/heads/made_rows.h"

namespace enxerto {
namespace {

template <typename Call>
ErrorText text_of(ErrorKind kind, Call call) {
  try {
    call();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), kind) << error.what();
    return error.text();
  }
  ADD_FAILURE() << "nothing was thrown";
  return {};
}

double accuracy(const LinearClassifier& classifier, const MadeRows& made) {
  const Tensor all = scores(classifier, made.rows, 1);
  const std::size_t classes = classifier.bias.size();
  std::size_t right = 0;
  for (std::size_t r = 0; r < made.labels.size(); ++r) {
    const auto row = all.as<float>().subspan(r * classes, classes);
    right += std::max_element(row.begin(), row.end()) - row.begin() == made.labels[r] ? 1 : 0;
  }
  return static_cast<double>(right) / static_cast<double>(made.labels.size());
}

TEST(SoftmaxRegression, ATemperatureDividesScoresAndBelowOneWhatRowsDifferByFromTheirMean) {
  const MadeRows made({90, 5, 3, 0.4});
  std::vector<std::int64_t> labels = made.labels;  // of unequal shares, so that there is a bias
  for (std::size_t i = 0; i < labels.size(); i += 6) labels[i] = 2;
  const auto scores_at = [&](double temperature) {
    const FitReport found =
        fit_softmax_regression(made.rows, labels, 3, {.threads = 1, .class_weights = {}, .temperature = temperature});
    const Tensor all = scores(found.classifier, made.rows, 1);
    return std::vector<float>(all.as<float>().begin(), all.as<float>().end());
  };
  const std::vector<float> plain = scores_at(1), cooled = scores_at(2), heated = scores_at(0.5);
  for (std::size_t unit = 0; unit < 3; ++unit) {
    float mean = 0;
    for (std::size_t i = unit; i < plain.size(); i += 3) mean += plain[i] / 90;
    for (std::size_t i = unit; i < plain.size(); i += 3) {
      ASSERT_NEAR(cooled[i], plain[i] / 2, 1e-4) << unit << " " << i;
      ASSERT_NEAR(heated[i], mean + (plain[i] - mean) * 2, 1e-4) << unit << " " << i;
    }
  }
  EXPECT_THROW(scores_at(0), Error);
}

TEST(SoftmaxRegression, EqualsScikitLearn) {
  std::ifstream file(ENXERTO_TEST_DATA "/heads/softmax_regression.txt");
  std::size_t count = 0, width = 0, classes = 0;
  double l2 = 0;
  ASSERT_TRUE(file >> count >> width >> classes >> l2);
  const auto read = [&](std::size_t size) {
    std::vector<double> values(size);
    for (double& value : values) EXPECT_TRUE(file >> value);
    return values;
  };
  const auto wide = read(count * width), labels_read = read(count), weight = read(classes * width),
             bias = read(classes), probabilities = read(10 * classes);
  const std::vector<float> values(wide.begin(), wide.end());
  const std::vector<std::int64_t> labels(labels_read.begin(), labels_read.end());
  Rows rows{width, {}};
  for (std::size_t r = 0; r < count; ++r) rows.row.push_back(values.data() + r * width);

  // Below some 1e-6 the gradient is the rounding of float32 products, which other instructions round otherwise.
  const FitReport fit =
      fit_softmax_regression(rows, labels, classes, {.l2 = l2, .class_weights = {}, .tolerance = 3e-6});
  EXPECT_TRUE(fit.converged);
  const auto found = fit.classifier.weight.as<float>();
  for (std::size_t i = 0; i < weight.size(); ++i)
    EXPECT_NEAR(double{found[i]}, weight[i], 1e-3 * std::abs(weight[i]) + 1e-5) << i;
  const Tensor all = scores(fit.classifier, rows);
  for (std::size_t r = 0; r < 10; ++r) {
    const auto from = all.as<float>().subspan(r * classes, classes);
    std::vector<float> row(from.begin(), from.end());
    softmax_in_place(row);
    for (std::size_t k = 0; k < classes; ++k) EXPECT_NEAR(double{row[k]}, probabilities[r * classes + k], 1e-4);
  }
}

TEST(SoftmaxRegression, IsBitIdenticalAtAGivenNumberOfThreads) {
  const MadeRows made({400, 19, 5});
  for (const int threads : {1, 2}) {
    const SoftmaxRegressionOptions options{.threads = threads, .class_weights = {}};
    const FitReport a = fit_softmax_regression(made.rows, made.labels, 5, options);
    const FitReport b = fit_softmax_regression(made.rows, made.labels, 5, options);
    EXPECT_TRUE(identical(a.classifier.weight, b.classifier.weight));
    EXPECT_TRUE(identical(a.classifier.bias, b.classifier.bias));
  }
}

TEST(SoftmaxRegression, OneThreadAndTwoGiveNearlyTheSame) {
  const MadeRows made({400, 19, 5});
  const auto weight = [&](int threads) {
    return fit_softmax_regression(made.rows, made.labels, 5,
                                  {.threads = threads, .l2 = 10, .class_weights = {}, .tolerance = 1e-6})
        .classifier.weight;
  };
  const Tensor one = weight(1), two = weight(2);
  for (std::size_t i = 0; i < one.size(); ++i) EXPECT_NEAR(one.as<float>()[i], two.as<float>()[i], 1e-4);
}

TEST(SoftmaxRegression, SeparatesWhatIsFarApart) {
  const MadeRows made({200, 8, 4, 4.0});
  const FitReport fit = fit_softmax_regression(made.rows, made.labels, 4, {.class_weights = {}});
  EXPECT_TRUE(fit.converged);
  EXPECT_EQ(accuracy(fit.classifier, made), 1.0);
}

TEST(SoftmaxRegression, GivesAFeatureThatDoesNotVaryTheWeightZero) {
  MadeRows made({60, 4, 2});
  for (std::size_t r = 0; r < 60; ++r) made.values[r * 4 + 1] = 1234.5F;
  const FitReport fit = fit_softmax_regression(made.rows, made.labels, 2, {.class_weights = {}});
  EXPECT_EQ(fit.classifier.weight.as<float>()[1], 0.0F);
  EXPECT_NE(fit.classifier.weight.as<float>()[0], 0.0F);
  EXPECT_TRUE(std::isfinite(fit.classifier.bias.as<float>()[0]));
}

TEST(SoftmaxRegression, WeighsClasses) {
  const MadeRows made({300, 3, 2, 0.1});
  const auto share_of_first = [&](std::vector<double> weights) {
    const FitReport fit = fit_softmax_regression(made.rows, made.labels, 2, {.class_weights = std::move(weights)});
    const Tensor all = scores(fit.classifier, made.rows);
    int first = 0;
    for (std::size_t r = 0; r < 300; ++r) first += all.as<float>()[2 * r] > all.as<float>()[2 * r + 1] ? 1 : 0;
    return first;
  };
  EXPECT_GT(share_of_first({5.0, 1.0}), share_of_first({}) + 50);
}

TEST(SoftmaxRegression, AWeightOfTwoIsAnExampleTwice) {
  const MadeRows made({40, 3, 2});
  Rows doubled = made.rows;
  std::vector<std::int64_t> labels = made.labels;
  for (std::size_t r = 0; r < 40; ++r) {
    if (made.labels[r] != 1) continue;
    doubled.row.push_back(made.rows.row[r]);
    labels.push_back(1);
  }
  const std::vector<double> weights{1, 2};
  SoftmaxLoss weighted({made.rows, made.labels, 2, weights}, 1), twice({doubled, labels, 2, {}}, 1);
  std::vector<double> a(weighted.size()), b(weighted.size());
  const double one = weighted.evaluate(std::vector<double>(a.size()), a);
  const double two = twice.evaluate(std::vector<double>(b.size()), b);
  EXPECT_NEAR(one * 40, two * 60, 1e-4);
}

TEST(SoftmaxRegression, LearnsFromTwoPictures) {
  const MadeRows made({2, 50, 2, 2.0});
  const FitReport fit = fit_softmax_regression(made.rows, made.labels, 2, {.class_weights = {}});
  EXPECT_EQ(accuracy(fit.classifier, made), 1.0);
}

TEST(SoftmaxRegression, NamesTheRowThatIsNotFinite) {
  MadeRows made({50, 4, 2});
  made.values[17 * 4 + 2] = std::numeric_limits<float>::quiet_NaN();
  const ErrorText text =
      text_of(ErrorKind::data, [&] { fit_softmax_regression(made.rows, made.labels, 2, {.class_weights = {}}); });
  EXPECT_EQ(text.where, "features, row 17");
  made.values[17 * 4 + 2] = std::numeric_limits<float>::infinity();
  EXPECT_THROW(fit_softmax_regression(made.rows, made.labels, 2, {.class_weights = {}}), Error);
}

TEST(SoftmaxRegression, RefusesWhatCannotBeLearned) {
  MadeRows made({10, 4, 2});
  const auto fit = [&](std::size_t classes, SoftmaxRegressionOptions options) {
    return [&made, classes, options] { fit_softmax_regression(made.rows, made.labels, classes, options); };
  };
  EXPECT_EQ(text_of(ErrorKind::data, fit(1, {.class_weights = {}})).where, "labels, row 1");
  EXPECT_EQ(text_of(ErrorKind::usage, fit(2, {.l2 = -1, .class_weights = {}})).where, "l2");
  EXPECT_EQ(text_of(ErrorKind::usage, fit(2, {.class_weights = {1.0}})).where, "class_weights");
  EXPECT_EQ(text_of(ErrorKind::usage, fit(2, {.class_weights = {1.0, 0.0}})).where, "class_weights");
  made.labels.assign(10, 1);
  EXPECT_EQ(text_of(ErrorKind::data, fit(2, {.class_weights = {}})).found, "examples of one class only");
  made.labels.pop_back();
  EXPECT_EQ(text_of(ErrorKind::data, fit(2, {.class_weights = {}})).found, "9 labels");
}

TEST(SoftmaxRegression, StopsWhenCancelled) {
  struct Stopper : Progress {
    std::size_t steps = 0;
    void advance(std::size_t count) override { steps += count; }
    bool cancelled() const override { return steps >= 2; }
  } stopper;
  const MadeRows made({100, 6, 3});
  text_of(ErrorKind::interrupted, [&] {
    fit_softmax_regression(made.rows, made.labels, 3, {.l2 = 0.01, .class_weights = {}, .tolerance = 0}, stopper);
  });
  EXPECT_EQ(stopper.steps, 2U);
}

TEST(Scores, RefuseRowsOfAnotherWidth) {
  const MadeRows made({10, 4, 2}), wider({10, 5, 2});
  const FitReport fit = fit_softmax_regression(made.rows, made.labels, 2, {.class_weights = {}});
  EXPECT_THROW(scores(fit.classifier, wider.rows), Error);
}

}  // namespace
}  // namespace enxerto
