#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/base/to_size.h"
#include "enxerto/heads/softmax_regression.h"
#include "enxerto/heads/stratified_folds.h"
#include "tests/heads/made_rows.h"

namespace enxerto {
namespace {

TEST(L2Search, TakesTheStrongestOfThoseNearTheLowestHeldOutLogLossOfAPath) {
  const MadeRows made({300, 20, 3, 0.3});
  const L2Search search = search_l2(made.rows, made.labels, 3, {.class_weights = {}}, {.candidates = {}});
  ASSERT_GE(search.trials.size(), 3U);
  EXPECT_EQ(search.rows, 300U);
  EXPECT_EQ(search.folds, 5);
  const auto by_loss = [](const L2Trial& a, const L2Trial& b) { return a.log_loss < b.log_loss; };
  const double lowest = std::min_element(search.trials.begin(), search.trials.end(), by_loss)->log_loss;
  const auto as_good = [&](const L2Trial& trial) { return trial.log_loss <= 1.002 * lowest; };
  EXPECT_EQ(search.best, std::ranges::find_if(search.trials, as_good)->l2);
  for (std::size_t i = 1; i < search.trials.size(); ++i) EXPECT_LT(search.trials[i].l2, search.trials[i - 1].l2);
}

TEST(L2Search, PrefersStrongForNoiseAndWeakForSignal) {
  const MadeRows noise({100, 40, 2, 0.0}), signal({100, 40, 2, 2.0});
  const L2SearchOptions options{.candidates = {0.1, 1000.0}};
  EXPECT_EQ(search_l2(noise.rows, noise.labels, 2, {.class_weights = {}}, options).best, 1000.0);
  EXPECT_EQ(search_l2(signal.rows, signal.labels, 2, {.class_weights = {}}, options).best, 0.1);
}

TEST(L2Search, JudgesEachStrengthAtTheTemperatureThatSuitsIt) {
  const MadeRows made({90, 40, 3, 0.15});
  const auto search = [&](std::vector<double> candidates) {
    return search_l2(made.rows, made.labels, 3, {.class_weights = {}}, {.candidates = std::move(candidates)});
  };
  EXPECT_GT(search({0.01}).temperature, 1) << "few examples and no penalty make it too sure";
  EXPECT_LT(search({3e3}).temperature, 1) << "a strong penalty makes it unsure";
  const L2Search path = search({});
  EXPECT_FALSE(path.by_accuracy);
  EXPECT_EQ(path.temperature, std::ranges::find(path.trials, path.best, &L2Trial::l2)->temperature);
}

TEST(L2Search, OfFewGroupsTakesTheOneThatIsMostOftenRightAndItsTemperature) {
  // Each of six groups is shifted by features of its own that come with its classes: a stranger is wrong with
  // confidence.
  MadeRows made({120, 40, 3, 0.3});
  std::vector<std::size_t> groups;
  for (std::size_t i = 0; i < 120; ++i) {
    groups.push_back(i / 20);
    made.values.at(i * 40 + 4 + i / 20 * 3 + to_size(made.labels[i])) += 4;
  }
  const auto search = [&](std::span<const std::size_t> of_rows) {
    return search_l2(made.rows, made.labels, 3, {.class_weights = {}}, {.candidates = {}, .groups = of_rows});
  };
  const L2Search few = search(groups);
  const double lowest = std::ranges::min_element(few.trials, {}, &L2Trial::log_loss)->log_loss;
  double highest = 0;
  for (const L2Trial& trial : few.trials)
    if (trial.log_loss <= 1.1 * lowest) highest = std::max(highest, trial.accuracy);
  const double enough = highest - std::max(0.01, std::sqrt(highest * (1 - highest) / 120));
  const L2Trial& best = *std::ranges::find(few.trials, few.best, &L2Trial::l2);
  EXPECT_GE(best.accuracy, enough);
  for (const L2Trial& trial : few.trials) {
    if (trial.log_loss <= 1.1 * lowest && trial.accuracy >= enough) {
      EXPECT_LE(best.log_loss_as_fitted, trial.log_loss_as_fitted);
    }
    EXPECT_LE(trial.log_loss, trial.log_loss_as_fitted);
  }
  EXPECT_EQ(few.temperature, best.temperature);
  EXPECT_TRUE(few.by_accuracy);
  EXPECT_NE(few.best, std::ranges::min_element(few.trials, {}, &L2Trial::log_loss_as_fitted)->l2)
      << "or nothing is shown";
}

TEST(L2Search, GivesTheSameAgain) {
  const MadeRows made({150, 10, 3, 0.3});
  const auto run = [&] {
    return search_l2(made.rows, made.labels, 3, {.threads = 2, .class_weights = {}}, {.candidates = {}});
  };
  const L2Search a = run(), b = run();
  ASSERT_EQ(a.trials.size(), b.trials.size());
  for (std::size_t i = 0; i < a.trials.size(); ++i) EXPECT_EQ(a.trials[i].log_loss, b.trials[i].log_loss);
}

TEST(L2Search, LooksAtNoMoreThanTheRowsAllowed) {
  const MadeRows made({300, 4, 3});
  const L2Search search =
      search_l2(made.rows, made.labels, 3, {.class_weights = {}}, {.candidates = {1.0}, .max_rows = 60});
  EXPECT_EQ(search.rows, 60U);
}

TEST(L2Search, WorksWithFivePicturesAndALonelyClass) {
  MadeRows made({5, 30, 2, 1.0});
  made.labels = {0, 0, 1, 1, 2};
  const L2Search search = search_l2(made.rows, made.labels, 3, {.class_weights = {}}, {.candidates = {}});
  EXPECT_EQ(search.folds, 2);
  EXPECT_FALSE(search.trials.empty());
}

TEST(L2Search, KeepsTheGivenL2WhereNothingCanBeHeldOut) {
  const MadeRows made({4, 3, 4});
  const L2Search search = search_l2(made.rows, made.labels, 4, {.l2 = 7.0, .class_weights = {}}, {.candidates = {}});
  EXPECT_EQ(search.best, 7.0);
  EXPECT_TRUE(search.trials.empty());
}

TEST(L2Search, RefusesAnL2BelowZero) {
  const MadeRows made({20, 3, 2});
  EXPECT_THROW(search_l2(made.rows, made.labels, 2, {.class_weights = {}}, {.candidates = {-1.0}}), Error);
}

TEST(StratifiedFolds, HoldEachRowOutOnceAndEachClassInEveryFold) {
  std::vector<std::int64_t> labels;
  for (int i = 0; i < 60; ++i) labels.push_back(i % 3 == 0 ? 0 : 1);
  const Folds folds = stratified_folds(labels, 2, 5, 3);
  EXPECT_EQ(folds.count, 5);
  std::set<std::pair<std::int64_t, int>> seen;
  for (std::size_t r = 0; r < labels.size(); ++r) seen.insert({labels[r], folds.of_row[r]});
  EXPECT_EQ(seen.size(), 10U);
  for (int fold = 0; fold < 5; ++fold) EXPECT_EQ(std::count(folds.of_row.begin(), folds.of_row.end(), fold), 12);
}

TEST(StratifiedFolds, NeverHoldOutAClasssOnlyMember) {
  const std::vector<std::int64_t> labels{0, 0, 0, 1, 2, 2, 2};
  const Folds folds = stratified_folds(labels, 3, 5, 0);
  EXPECT_EQ(folds.count, 3);
  EXPECT_EQ(folds.of_row[3], -1);
  EXPECT_EQ(std::count(folds.of_row.begin(), folds.of_row.end(), -1), 1);
}

TEST(StratifiedSample, KeepsSharesAndRareClasses) {
  std::vector<std::int64_t> labels(1000, 0);
  for (int i = 0; i < 300; ++i) labels[static_cast<std::size_t>(i)] = 1;
  labels[500] = labels[501] = 2;
  const auto chosen = stratified_sample(labels, 3, 100, 0);
  EXPECT_TRUE(std::is_sorted(chosen.begin(), chosen.end()));
  std::vector<int> count(3);
  for (const std::size_t row : chosen) ++count[static_cast<std::size_t>(labels[row])];
  EXPECT_EQ(count, (std::vector<int>{69, 30, 2}));
  EXPECT_EQ(stratified_sample(labels, 3, 5000, 0).size(), 1000U);
}

}  // namespace
}  // namespace enxerto
