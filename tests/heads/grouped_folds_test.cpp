#include "enxerto/heads/grouped_folds.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/heads/exact_solver.h"
#include "tests/heads/made_rows.h"

namespace enxerto {
namespace {

TEST(GroupedFolds, HoldEachGroupOutWholeAndShareTheClassesOut) {
  std::vector<std::int64_t> labels;
  std::vector<std::size_t> groups;
  for (std::size_t group = 0; group < 20; ++group)
    for (std::size_t i = 0; i < 3 + group % 4; ++i) {
      labels.push_back(static_cast<std::int64_t>(group % 2));
      groups.push_back(100 + group);
    }
  const Folds folds = grouped_folds(labels, 2, groups, 5, 3);
  EXPECT_EQ(folds.count, 5);
  std::map<std::size_t, std::set<int>> folds_of_group;
  std::map<int, std::set<std::int64_t>> classes_of_fold;
  std::map<int, int> rows;
  for (std::size_t r = 0; r < labels.size(); ++r) {
    folds_of_group[groups[r]].insert(folds.of_row[r]);
    classes_of_fold[folds.of_row[r]].insert(labels[r]);
    ++rows[folds.of_row[r]];
  }
  for (const auto& [group, in] : folds_of_group) EXPECT_EQ(in.size(), 1U) << group;
  EXPECT_EQ(classes_of_fold.size(), 5U);
  for (const auto& [fold, classes] : classes_of_fold) EXPECT_EQ(classes.size(), 2U) << fold;
  for (const auto& [fold, count] : rows) EXPECT_NEAR(count, 18, 4) << fold;
}

TEST(GroupedFolds, AlwaysLearnFromEveryClass) {
  const std::vector<std::int64_t> labels{0, 0, 0, 0, 1, 1, 2, 2};
  const std::vector<std::size_t> groups{0, 0, 1, 2, 3, 4, 5, 5};
  const Folds folds = grouped_folds(labels, 3, groups, 5, 0);
  EXPECT_EQ(folds.count, 2);
  EXPECT_EQ(folds.of_row[6], -1) << "the only group of its class";
  EXPECT_EQ(folds.of_row[7], -1);
  EXPECT_NE(folds.of_row[4], folds.of_row[5]);
  EXPECT_EQ(grouped_folds(labels, 3, std::vector<std::size_t>(8, 7), 5, 0).count, 0) << "one group";
}

TEST(GroupedFolds, AreTheStratifiedOnesWithoutGroups) {
  const std::vector<std::int64_t> labels{0, 0, 0, 1, 1, 1};
  EXPECT_EQ(grouped_folds(labels, 2, {}, 3, 1).of_row, stratified_folds(labels, 2, 3, 1).of_row);
}

/// Copies tell each other's labels, which are noise: only where they are held out together does a weak penalty lose.
TEST(ExactSolver, ChoosesItsStrengthWithAllOfAGroupOnOneSide) {
  constexpr std::size_t kGroups = 40, kCopies = 6;
  const MadeRows noise({kGroups, 80, 2, 0.0});
  ExactProblem apart{.features = {.width = 80, .row = {}}, .targets = {}, .units = 1};
  std::vector<std::size_t> groups;
  std::vector<float> targets;
  for (std::size_t copy = 0; copy < kCopies; ++copy)
    for (std::size_t r = 0; r < kGroups; ++r) {
      apart.features.row.push_back(noise.rows.row[r]);
      targets.push_back(static_cast<float>(noise.labels[r]));
      groups.push_back(r);
    }
  apart.targets = Tensor::of<float>({static_cast<std::int64_t>(targets.size()), 1}, targets);
  ExactProblem together = apart;
  together.groups = groups;
  for (const ExactSolver* solver :
       {&softmax_regression_solver(), &logistic_regression_solver(), &ridge_regression_solver()}) {
    const double without = solver->solve(apart, {}, no_progress()).l2.front();
    EXPECT_GE(solver->solve(together, {}, no_progress()).l2.front(), 30 * without) << solver->title;
  }
  together.groups.pop_back();
  for (const ExactSolver* solver :
       {&softmax_regression_solver(), &logistic_regression_solver(), &ridge_regression_solver()})
    EXPECT_THROW((void)solver->solve(together, {}, no_progress()), Error) << solver->title;
}

}  // namespace
}  // namespace enxerto
