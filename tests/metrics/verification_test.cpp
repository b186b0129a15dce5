#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/metrics/folded_pairs.h"
#include "enxerto/metrics/identification_curve.h"
#include "enxerto/metrics/identification_scores.h"
#include "enxerto/metrics/pair_curve.h"
#include "enxerto/metrics/verification_scores.h"
#include "tests/metrics/batch.h"
#include "tests/metrics/number_file.h"

namespace enxerto {
namespace {

using testing::NumberFile;
using testing::probabilities;
using testing::report_of;
using testing::target;

std::vector<double> numbers(NumberFile& file, std::size_t count) {
  std::vector<double> values(count);
  for (double& value : values) value = file.next();
  return values;
}

TEST(PairCurve, EqualsScikitLearnOnScoresWithTies) {
  NumberFile golden(ENXERTO_TEST_DATA "/metrics/pairs.txt");
  const std::size_t count = golden.count();
  const std::vector<double> scores = numbers(golden, count), same = numbers(golden, count);
  std::vector<ScoredPair> pairs;
  for (std::size_t i = 0; i < count; ++i)
    pairs.push_back({.score = static_cast<float>(scores[i]), .same = same[i] > 0});
  sort_pairs(pairs);
  const PairCurve curve(pairs);
  const std::size_t points = golden.count();
  ASSERT_EQ(curve.points().size(), points);
  EXPECT_LT(points, count / 2);
  EXPECT_TRUE(std::isinf(curve.points().front().threshold));
  for (std::size_t i = 1; i < points; ++i) golden.expect(curve.points()[i].threshold);
  for (const OperatingPoint& point : curve.points()) golden.expect(point.false_accept_rate);
  for (const OperatingPoint& point : curve.points()) golden.expect(point.true_accept_rate);
  golden.expect(curve.area());
  golden.expect(curve.equal_error_rate());
  golden.expect(curve.detection_cost());
  for (const double rate : {0.1, 0.02, 0.5}) {
    const OperatingPoint point = curve.at_false_accept_rate(rate);
    golden.expect(point.threshold);
    golden.expect(point.false_accept_rate);
    golden.expect(point.true_accept_rate);
  }
}

TEST(PairCurve, SaysWhichRatesHaveNoSupport) {
  std::vector<ScoredPair> pairs{
      {.score = 1, .same = true}, {.score = 0.5F, .same = false}, {.score = 0, .same = false}};
  const PairCurve curve(pairs);
  EXPECT_TRUE(curve.supports(0.5));
  EXPECT_FALSE(curve.supports(0.1));
  double accuracy = 0;
  EXPECT_EQ(curve.best(accuracy).threshold, 1);
  EXPECT_EQ(accuracy, 1);
  EXPECT_EQ(curve.equal_error_rate(), 0);
  EXPECT_EQ(curve.at_threshold(0.5).false_accept_rate, 0.5);
  EXPECT_EQ(curve.at_threshold(0.51).false_accept_rate, 0);
}

TEST(PairCurve, OfPairsOfOneKindIsNotANumber) {
  const std::vector<ScoredPair> pairs{{.score = 1, .same = true}};
  EXPECT_TRUE(std::isnan(PairCurve(pairs).equal_error_rate()));
  EXPECT_TRUE(std::isnan(PairCurve({}).area()));
  const std::vector<ScoredPair> bad{{.score = std::numeric_limits<float>::quiet_NaN()}};
  EXPECT_THROW(PairCurve{bad}, Error);
}

TEST(FoldedPairs, EqualTheScriptOfFacenet) {
  NumberFile golden(ENXERTO_TEST_DATA "/metrics/folded_pairs.txt");
  const std::size_t listed = golden.count();
  const std::vector<double> distances = numbers(golden, listed), same = numbers(golden, listed),
                            folds = numbers(golden, listed);
  std::vector<FoldedPair> pairs;
  for (std::size_t i = 0; i < listed; ++i)
    pairs.push_back({static_cast<float>(distances[i]), same[i] > 0, static_cast<std::size_t>(folds[i])});
  const FoldedFigures figures = folded_figures(pairs, 0.01);
  for (const double threshold : figures.thresholds) golden.expect(threshold);
  for (const double accuracy : figures.accuracies) golden.expect(accuracy);
  golden.expect(figures.accuracy);
  golden.expect(figures.standard_error);
  golden.expect(figures.true_accept_rate);
  golden.expect(figures.false_accept_rate);
}

TEST(IdentificationCurve, EqualsNumpyOnScoresWithTies) {
  NumberFile golden(ENXERTO_TEST_DATA "/metrics/identification.txt");
  const std::size_t probes = golden.count(), identities = golden.count();
  const std::vector<double> scores = numbers(golden, probes * identities), own = numbers(golden, probes);
  std::vector<Probe> all;
  for (std::size_t i = 0; i < probes; ++i) {
    Probe probe{.best_other = -1, .stranger = own[i] < 0};
    if (!probe.stranger) probe.own = static_cast<float>(scores[i * identities + static_cast<std::size_t>(own[i])]);
    for (std::size_t k = 0; k < identities; ++k) {
      const auto score = static_cast<float>(scores[i * identities + k]);
      if (static_cast<double>(k) == own[i]) continue;
      probe.best_other = std::max(probe.best_other, score);
      if (score >= probe.own) ++probe.rank;
    }
    all.push_back(probe);
  }
  for (const double share : match_characteristic(all, 3)) golden.expect(share);
  const auto expect_points = [&] {
    for (const double rate : {0.05, 0.1, 0.5}) {
      const OpenSetPoint point = at_false_identification_rate(all, rate);
      golden.expect(point.false_identifications);
      golden.expect(point.identifications);
    }
  };
  expect_points();
  std::erase_if(all, [](const Probe& probe) { return probe.stranger; });
  expect_points();
}

/// Three identities of two examples each, on axes of their own but for one that stands between two.
Tensor six_vectors() { return Tensor::of<float>({6, 3}, {1, 0, 0, 1, 0, 0, 0, 1, 0, 0.6F, 0.8F, 0, 0, 0, 1, 0, 0, 1}); }

TEST(VerificationScores, LookAtAllPairs) {
  VerificationScores scores({.false_accept_rate = 0.1, .threshold = 0.7});
  scores.update(probabilities(six_vectors()), target(Tensor::of<std::int64_t>({6}, {7, 7, 3, 3, 9, 9})));
  const MetricsReport report = report_of(scores);
  EXPECT_EQ(report["eer"].value, 0);
  EXPECT_EQ(report["tar"].value, 1);
  EXPECT_EQ(report["true_accept_rate"].value, 1);
  EXPECT_EQ(report["false_accept_rate"].value, 0);
  EXPECT_EQ(report["nearest_same"].value, 1);
  EXPECT_EQ(report.table("operating_points").rows.size(), 4U);
}

TEST(VerificationScores, SayInWordsWhyThereAreNoFigures) {
  const auto note = [](std::vector<std::int64_t> identities) {
    VerificationScores scores({.false_accept_rate = 0.1});
    scores.update(probabilities(six_vectors()), target(Tensor::of<std::int64_t>({6}, identities)));
    const MetricsReport report = report_of(scores);
    EXPECT_TRUE(std::isnan(report["eer"].value));
    return report.table("operating_points").note;
  };
  EXPECT_TRUE(note({7, 7, 7, 7, 7, 7}).starts_with("All 6 examples are of one identity")) << note({7, 7, 7, 7, 7, 7});
  EXPECT_TRUE(note({1, 2, 3, 4, 5, 6}).starts_with("Each of the 6 examples is of another identity"));
}

TEST(VerificationScores, CountNoFalseAcceptsWhereNoPairIsOfOneIdentity) {
  VerificationScores scores({.false_accept_rate = 0.1});
  scores.update(probabilities(six_vectors()), target(Tensor::of<std::int64_t>({6}, {1, 2, 3, 4, 5, 6})));
  const MetricTable points = report_of(scores).table("operating_points");
  EXPECT_EQ(std::get<std::string>(points.rows.at(0).at(1)), "no support: 0 pairs of one identity");
  EXPECT_EQ(std::get<std::uint64_t>(points.rows.at(0).at(3)), 0U);
}

TEST(VerificationScores, DrawTheCurveWithTheThresholdsPoint) {
  VerificationScores scores({.false_accept_rate = 0.1, .threshold = 0.6});
  scores.update(probabilities(six_vectors()), target(Tensor::of<std::int64_t>({6}, {7, 7, 3, 3, 9, 9})));
  const MetricsReport report = report_of(scores);
  ASSERT_EQ(report.roc.size(), 3U);
  EXPECT_EQ(report.roc[0].points.front(), (std::pair(0.0, 0.0)));
  EXPECT_EQ(report.roc[0].points.back(), (std::pair(1.0, 1.0)));
  EXPECT_EQ(report.roc[1].points.at(0), (std::pair(0.0, 1.0)));
  EXPECT_EQ(report.roc[2].name, "threshold 0.6000");
  EXPECT_NEAR(report.roc[2].points.at(0).first, 2.0 / 12, 1e-12) << "two of twelve pairs of two are 0.6 alike";
}

TEST(VerificationScores, OfEpochsHaveNoIntervals) {
  std::vector<std::unique_ptr<Metric>> metrics;
  metrics.push_back(std::make_unique<VerificationScores>());
  MetricSet set(std::move(metrics));
  const std::string eer = "eer";
  set.keep(std::span(&eer, 1));
  set.reset();
  for (std::int64_t i = 0; i < 12; ++i)
    set.update(probabilities(six_vectors().rows(i % 6, i % 6 + 1)), target(Tensor::of<std::int64_t>({1}, {i % 5})));
  const MetricsReport report = set.report();
  EXPECT_GT(report["eer"].value, 0);
  EXPECT_FALSE(report["eer"].interval.has_value());
}

TEST(VerificationScores, GiveNoIntervalWhereNoDrawDiffers) {
  constexpr std::int64_t kIdentities = 8;
  VerificationScores scores;
  for (std::int64_t i = 0; i < 2 * kIdentities; ++i) {  // those of one identity are equal
    std::vector<float> vector(kIdentities, 0);
    vector[static_cast<std::size_t>(i % kIdentities)] = 1;
    scores.update(probabilities(Tensor::of<float>({1, kIdentities}, std::span<const float>(vector))),
                  target(Tensor::of<std::int64_t>({1}, {i % kIdentities})));
  }
  const MetricsReport report = report_of(scores);
  EXPECT_EQ(report["eer"].value, 0);
  ASSERT_TRUE(report["eer"].interval.has_value());
  EXPECT_TRUE(std::isnan(report["eer"].interval->high));
}

/// The target of an example in one pair of a list.
Tensor in_pair(std::int64_t pair, bool same) {
  return Tensor::of<std::int64_t>({1, 2, 3}, {-1, 0, 0, pair, same ? 1 : 0, -1});
}

TEST(VerificationScores, LookAtThePairsOfAListAlone) {
  VerificationScores scores;
  const Tensor vectors = six_vectors();
  const std::int64_t pairs[] = {0, 0, 1, 2, 1, 2};
  for (std::int64_t i = 0; i < 6; ++i)
    scores.update(probabilities(vectors.rows(i, i + 1)), target(in_pair(pairs[i], pairs[i] == 0)));
  const MetricsReport report = report_of(scores);
  EXPECT_EQ(report["roc_auc"].value, 1);
  EXPECT_TRUE(std::isnan(report["tar"].value));  // of two impostor pairs, 1 % is none
  EXPECT_EQ(report.find("nearest_same"), nullptr);
}

TEST(IdentificationScores, HoldStrangersAgainstTheOthersAlone) {
  IdentificationScores scores({.vectors = Tensor::of<float>({3, 3}, {1, 0, 0, 0, 1, 0, 0, 0, 1}), .threshold = 0.7});
  scores.update(probabilities(six_vectors()), target(Tensor::of<std::int64_t>({6}, {0, 0, 1, 0, 2, 2})));
  const MetricsReport report = report_of(scores);
  EXPECT_NEAR(report["rank_1"].value, 5.0 / 6, 1e-12);
  EXPECT_NEAR(report["identification_rate"].value, 5.0 / 6, 1e-12);
  EXPECT_NEAR(report["false_identification_rate"].value, 1.0 / 6, 1e-12);
  EXPECT_EQ(report.table("cumulative_match").rows.size(), 3U);
  EXPECT_EQ(std::get<std::string>(report.table("open_set").rows.at(0).at(1)), "no support: 6 strangers")
      << "of which one in ten is less than one";
}

TEST(IdentificationScores, AreOfRealStrangersAloneWhereThereAreSome) {
  IdentificationScores scores({.vectors = Tensor::of<float>({3, 3}, {1, 0, 0, 0, 1, 0, 0, 0, 0}), .threshold = 0.7});
  scores.update(probabilities(six_vectors()), target(Tensor::of<std::int64_t>({6}, {0, 0, 1, 3, 2, 3})));
  const MetricsReport report = report_of(scores);
  EXPECT_EQ(report["rank_1"].value, 1);
  EXPECT_EQ(report["rank_1"].baseline->value, 0.5) << "of the third there is no example, so that two are known";
  EXPECT_NEAR(report["false_identification_rate"].value, 1.0 / 3, 1e-12);
  EXPECT_EQ(report["false_identification_rate"].title, "3 strangers named at the model's threshold");
  EXPECT_EQ(std::get<std::uint64_t>(report.table("open_set").rows.at(0).at(3)), 3U);
}

TEST(VerificationScores, PairNobodyWhoseNumberIsBehindTheKnown) {
  VerificationScores all, known({.known = 2});
  all.update(probabilities(six_vectors().rows(0, 4)), target(Tensor::of<std::int64_t>({4}, {0, 0, 1, 1})));
  known.update(probabilities(six_vectors()), target(Tensor::of<std::int64_t>({6}, {0, 0, 1, 1, 2, 2})));
  ASSERT_EQ(known.sorted_pairs().size(), 6U);
  EXPECT_EQ(report_of(known)["eer"].value, report_of(all)["eer"].value);
}

TEST(VerificationScores, OfFoldsSayNothingOfARateWithoutSupport) {
  for (const std::int64_t impostors : {4, 60}) {
    VerificationScores scores;
    std::int64_t pair = 0;
    const auto add = [&](bool same, std::int64_t fold) {
      for (std::int64_t i = 0; i < 2; ++i)
        scores.update(
            probabilities(Tensor::of<float>({1, 2}, {same || i == 0 ? 1.F : 0.F, same || i == 0 ? 0.F : 1.F})),
            target(Tensor::of<std::int64_t>({1, 2, 3}, {-1, 0, 0, pair, same ? 1 : 0, fold})));
      ++pair;
    };
    for (std::int64_t fold = 0; fold < 3; ++fold) {
      add(true, fold);
      for (std::int64_t i = 0; i < impostors; ++i) add(false, fold);
    }
    const MetricsReport report = report_of(scores);
    EXPECT_EQ(std::isnan(report["fold_tar"].value), impostors == 4) << impostors;
    EXPECT_EQ(report["fold_accuracy"].value, 1);
    EXPECT_TRUE(std::isnan(report["fold_accuracy"].interval->low)) << "three times the same says nothing of others";
  }
}

TEST(IdentificationScores, OfOneIdentityHaveNoStrangers) {
  IdentificationScores scores({.vectors = Tensor::of<float>({1, 3}, {1, 0, 0}), .threshold = 0.7});
  for (int i = 0; i < 20; ++i)
    scores.update(probabilities(Tensor::of<float>({1, 3}, {1, 0, 0})), target(Tensor::of<std::int64_t>({1}, {0})));
  const MetricsReport report = report_of(scores);
  EXPECT_EQ(std::get<std::string>(report.table("open_set").rows.at(0).at(1)), "no support: 0 strangers");
}

}  // namespace
}  // namespace enxerto
