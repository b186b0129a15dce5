#include "enxerto/heads/exact_solver.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>

#include "enxerto/base/error.h"
#include "tests/heads/golden_problem.h"
#include "tests/heads/made_rows.h"

namespace enxerto {
namespace {

Tensor column(const std::vector<float>& values) {
  return Tensor::of<float>({static_cast<std::int64_t>(values.size()), 1}, values);
}

/// Of made rows: 1 where the class is 1.
std::vector<float> truths(const MadeRows& made) { return {made.labels.begin(), made.labels.end()}; }

ExactHead solved(const ExactSolver& solver, const ExactProblem& problem, const ExactOptions& options) {
  return solver.solve(problem, options, no_progress());
}

TEST(LabelRegression, EqualsScikitLearnLabelByLabelWithoutWhatIsNotKnown) {
  std::ifstream file(ENXERTO_TEST_DATA "/heads/label_regressions.txt");
  GoldenProblem golden(file);
  for (float& target : golden.targets)
    if (target == 9) target = std::nanf("");
  const ExactHead head = solved(logistic_regression_solver(), golden.problem(), {.l2 = golden.l2, .threads = 1});
  EXPECT_TRUE(head.converged);
  EXPECT_EQ(head.l2, (std::vector<double>{2, 2, 2}));
  golden.expect_layer(file, head.layer, 1e-3);
}

TEST(LabelRegression, ChoosesAStrengthForEachLabelAndKeepsOneThatIsAlwaysThere) {
  const MadeRows made({120, 10, 2, 1.5});
  std::vector<float> targets;
  for (std::size_t r = 0; r < 120; ++r) {
    targets.push_back(static_cast<float>(made.labels[r]));  // told by the features
    targets.push_back(r % 4 < 2 ? 1.0F : 0.0F);             // noise
    targets.push_back(1);                                   // no question
  }
  for (const int threads : {1, 8}) {
    const ExactHead head = solved(logistic_regression_solver(),
                                  {.features = made.rows, .targets = Tensor::of<float>({120, 3}, targets), .units = 3},
                                  {.threads = threads});
    EXPECT_EQ(head.chosen_by, "cross-validation");
    ASSERT_EQ(head.l2.size(), 3U);
    EXPECT_LT(head.l2[0], head.l2[1]);
    const Tensor all = scores(head.layer, made.rows, 1);
    for (std::size_t r = 0; r < 120; ++r) EXPECT_GT(all.as<float>()[r * 3 + 2], 2.0F);
    ASSERT_FALSE(head.trials.empty());
    EXPECT_EQ(head.trials.front().figures.front().first, "log_loss");
  }
}

TEST(LogisticRegressionSolver, TellsThePathAsFarAsTheLabelThatWentFarthest) {
  const MadeRows made({120, 6, 2, 2.0});
  std::vector<float> targets;
  for (std::size_t r = 0; r < 120; ++r) {
    targets.push_back(static_cast<float>(made.labels[r]));  // learned best with a weak penalty
    targets.push_back((r * 7919) % 13 < 6 ? 1.0F : 0.0F);   // noise: the search ends early
  }
  const ExactHead head =
      solved(logistic_regression_solver(),
             {.features = made.rows, .targets = Tensor::of<float>({120, 2}, targets), .units = 2}, {});
  const auto tried = [&](std::size_t t) { return head.trials[t].figures.back(); };
  EXPECT_EQ(tried(0), (std::pair<std::string, double>("labels", 2)));
  EXPECT_EQ(tried(head.trials.size() - 1).second, 1) << "the other one ended earlier";
  for (const double l2 : head.l2)
    EXPECT_TRUE(std::ranges::any_of(head.trials, [&](const ExactTrial& trial) { return trial.l2 == l2; })) << l2;
}

TEST(RidgeSolver, ChoosesTheStrengthOfTheLeastLeaveOneOutErrorForEachValue) {
  const MadeRows made({60, 80, 2, 1.0});
  std::vector<float> targets;
  for (std::size_t r = 0; r < 60; ++r) {
    targets.push_back(static_cast<float>(made.labels[r]));
    targets.push_back(r % 4 < 2 ? 1.0F : -1.0F);
  }
  const ExactHead head =
      solved(ridge_regression_solver(),
             {.features = made.rows, .targets = Tensor::of<float>({60, 2}, targets), .units = 2}, {});
  EXPECT_LT(head.l2[0], head.l2[1]);
  EXPECT_EQ(head.iterations, 0);
  EXPECT_EQ(head.trials.size(), 19U);
  EXPECT_EQ(head.trials.front().figures[1].first, "r2");
}

TEST(RidgeSolver, AnswersTheMeanOfASingleRow) {
  const std::array<float, 3> row{1, 2, 3};
  const Rows rows{.width = 3, .row = {row.data()}};
  const ExactHead head =
      solved(ridge_regression_solver(), {.features = rows, .targets = column({2.5F}), .units = 1}, {});
  EXPECT_EQ(scores(head.layer, rows, 1).as<float>()[0], 2.5F);
}

/// Twice the same views must be solved as once: each has its share of the penalty.
TEST(ExactSolver, ChoosesOnOneViewAndFitsAll) {
  const MadeRows made({80, 6, 2, 0.6});
  Rows twice = made.rows;
  twice.row.insert(twice.row.end(), made.rows.row.begin(), made.rows.row.end());
  for (const ExactSolver* solver :
       {&softmax_regression_solver(), &logistic_regression_solver(), &ridge_regression_solver()}) {
    const Tensor targets = column(truths(made));
    const ExactHead once = solved(*solver, {.features = made.rows, .targets = targets, .units = 1}, {});
    const ExactHead both = solved(*solver, {.features = twice, .targets = targets, .units = 1}, {});
    EXPECT_EQ(both.l2.front(), 2 * once.l2.front()) << solver->title;
    ASSERT_EQ(both.trials.size(), once.trials.size());
    for (std::size_t i = 0; i < once.trials.size(); ++i)
      EXPECT_EQ(both.trials[i].l2, 2 * once.trials[i].l2) << solver->title << ": what was tried, and what was chosen";
    for (std::size_t i = 0; i < 6; ++i)
      EXPECT_NEAR(double{once.layer.weight.as<float>()[i]}, double{both.layer.weight.as<float>()[i]}, 2e-3)
          << solver->title;
  }
}

TEST(ExactSolver, SolvesTheSameClassesHoweverTheLossIsToldThem) {
  const MadeRows made({60, 5, 2, 0.5});
  std::vector<float> shares;
  for (const std::int64_t label : made.labels) {
    shares.push_back(label == 0 ? 1.0F : 0.0F);
    shares.push_back(label == 1 ? 1.0F : 0.0F);
  }
  const ExactOptions options{.l2 = 1, .threads = 1};
  const auto weight = [&](Tensor targets) {
    return solved(softmax_regression_solver(), {.features = made.rows, .targets = std::move(targets), .units = 2},
                  options)
        .layer.weight;
  };
  const Tensor numbers = weight(Tensor::of<std::int64_t>({60}, made.labels));
  EXPECT_TRUE(identical(numbers, weight(Tensor::of<float>({60, 2}, shares))));
  EXPECT_TRUE(identical(numbers, weight(column(truths(made)))));
}

TEST(ExactSolver, RefusesRowsWithoutATarget) {
  const MadeRows made({10, 4, 2});
  EXPECT_THROW(
      (void)solved(ridge_regression_solver(), {.features = made.rows, .targets = column({1, 2, 3}), .units = 1}, {}),
      Error);
}

TEST(Agreement, IsTheShareOfEqualAnswers) {
  const LinearClassifier two{.weight = Tensor::of<float>({2, 1}, {1.0F, -1.0F}),
                             .bias = Tensor::of<float>({2}, {0.0F, 0.0F})};
  const LinearClassifier one{.weight = Tensor::of<float>({1, 1}, {0.5F}), .bias = Tensor::of<float>({1}, {0.0F})};
  const std::array<float, 4> a{1, 2, -1, -2}, b{1, -2, -1, -2};
  Rows rows_a{.width = 1, .row = {}}, rows_b{.width = 1, .row = {}};
  for (std::size_t i = 0; i < a.size(); ++i) {
    rows_a.row.push_back(&a[i]);
    rows_b.row.push_back(&b[i]);
  }
  EXPECT_EQ(softmax_regression_solver().agreement(two, rows_a, rows_b, 1), 0.75);
  EXPECT_EQ(softmax_regression_solver().agreement(one, rows_a, rows_b, 1), 0.75);
  EXPECT_EQ(logistic_regression_solver().agreement(two, rows_a, rows_a, 1), 1.0);
  EXPECT_EQ(ridge_regression_solver().agreement(one, rows_a, rows_b, 1), 0.0);
}

TEST(ExactSolver, SaysItsStrengthsInWords) {
  EXPECT_EQ(words_of_l2({3}), "3");
  EXPECT_EQ(words_of_l2({3, 1000, 10}), "3 to 1000");
}

}  // namespace
}  // namespace enxerto
