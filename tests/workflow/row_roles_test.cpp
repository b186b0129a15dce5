#include "enxerto/workflow/row_roles.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "enxerto/base/error.h"
#include "enxerto/data/concatenate.h"
#include "enxerto/workflow/data_notices.h"
#include "enxerto/workflow/refit.h"
#include "enxerto/workflow/training_data.h"
#include "tests/data/made_dataset.h"
#include "tests/data/workplace.h"
#include "tests/workflow/numbers_medium.h"

namespace enxerto {
namespace {

struct Notices final : Progress {
  std::string text;
  void notice(std::string_view words) override { text += std::string(words) + "\n"; }
};

DatasetPtr in_two_classes(std::size_t count, const std::string& prefix) {
  std::vector<std::int64_t> classes;
  for (std::size_t i = 0; i < count; ++i) classes.push_back(static_cast<std::int64_t>(i % 2));
  return std::make_shared<testing::MadeDataset>(std::vector<std::string>{"cat", "dog"}, classes, prefix);
}

/// Examples of two classes, of contents that differ until a test makes them equal.
struct Rows {
  Rows(std::size_t train, std::size_t validation, std::size_t test) {
    std::vector<DatasetPtr> parts;
    for (const auto& [count, prefix] : {std::pair(train, "learned"), {validation, "chooses"}, {test, "tests"}}) {
      if (count > 0) parts.push_back(in_two_classes(count, prefix));
    }
    data.all = concatenate(parts);
    data.train_end = train;
    data.validation_end = train + validation;
    for (std::size_t i = 0; i < data.all->size(); ++i) {
      positions.push_back(i);
      contents.push_back(hash128(std::to_string(i)));
    }
  }

  RowRoles roles() { return assign_roles({data, positions, contents}, recipe, notices); }
  RowRoles roles_with_validation() {
    RowRoles shared = roles();
    hold_back_validation(shared, {data, positions, contents}, recipe);
    return shared;
  }

  TrainingData data;
  std::vector<std::size_t> positions;
  std::vector<Hash128> contents;
  Recipe recipe;
  Notices notices;
};

TEST(RowRoles, HoldOutAnExactShareOfEachClass) {
  Rows rows(60, 0, 0);
  const RowRoles roles = rows.roles();
  EXPECT_EQ(roles.train.size(), 48U);
  EXPECT_EQ(roles.test.size(), 12U);
  EXPECT_EQ(std::ranges::count_if(roles.test, [](std::size_t row) { return row % 2 == 0; }), 6);
  EXPECT_EQ(roles.test_origin, "20 % of each class held out");
  EXPECT_EQ(rows.notices.text, "");
}

TEST(RowRoles, HoldBackAFifthForValidationOrFiftyExamples) {
  Rows rows(400, 0, 0);
  const RowRoles roles = rows.roles_with_validation();
  EXPECT_EQ(roles.validation.size(), 64U);
  EXPECT_EQ(roles.train.size(), 256U);
  EXPECT_TRUE(roles.validation_was_cut);
  EXPECT_DOUBLE_EQ(validation_share(-1, 200), 0.25);
  EXPECT_DOUBLE_EQ(validation_share(-1, 60), 1.0 / 3);
  EXPECT_DOUBLE_EQ(validation_share(-1, 8000), 0.125);
  EXPECT_DOUBLE_EQ(validation_share(-1, 60'000), 0.1);
  EXPECT_DOUBLE_EQ(validation_share(0, 60), 0);
  EXPECT_DOUBLE_EQ(validation_share(0.3, 60'000), 0.3);
}

TEST(RowRoles, ShareOutFurtherFoldsAsLargeAsTheValidationPart) {
  for (const std::size_t count : {60U, 300U, 600U}) {
    Rows rows(count, 0, 0);
    const RowRoles roles = rows.roles_with_validation();
    const auto folds = further_folds(roles, {rows.data, rows.positions, rows.contents}, rows.recipe);
    ASSERT_EQ(folds.size(), 2U);
    std::set<std::size_t> seen;
    for (const auto& fold : folds) {
      EXPECT_NEAR(static_cast<double>(fold.size()), static_cast<double>(roles.validation.size()), 2);
      EXPECT_EQ(std::ranges::count_if(fold, [](std::size_t row) { return row % 2 == 0; }) * 2,
                static_cast<std::ptrdiff_t>(fold.size()));
      for (const std::size_t row : fold) {
        EXPECT_TRUE(seen.insert(row).second) << "a row chooses once";
        EXPECT_TRUE(std::ranges::binary_search(roles.train, row));
      }
    }
  }
  Rows rows(40, 30, 30);
  const RowRoles given = rows.roles_with_validation();
  EXPECT_TRUE(further_folds(given, {rows.data, rows.positions, rows.contents}, rows.recipe).empty());
}

TEST(RowRoles, LeaveTheDataTheirOwnParts) {
  Rows rows(40, 30, 30);
  const RowRoles roles = rows.roles_with_validation();
  EXPECT_EQ(roles.train.size(), 40U);
  EXPECT_EQ(roles.validation.size(), 30U);
  EXPECT_EQ(roles.test.size(), 30U);
  EXPECT_FALSE(roles.validation_was_cut);
}

TEST(RowRoles, SayWhatStandsInTwoParts) {
  Rows rows(10, 6, 4);
  rows.contents[19] = rows.contents[0];
  rows.contents[12] = rows.contents[1];
  (void)rows.roles();
  EXPECT_NE(rows.notices.text.find("1 of 4 test pictures is also in the training data (first: tests3 = learned0)"),
            std::string::npos)
      << rows.notices.text;
  EXPECT_NE(rows.notices.text.find("1 of 6 validation pictures"), std::string::npos) << rows.notices.text;
}

TEST(RowRoles, SayWhatATestPartOfItsOwnHasUnderTwoAnswers) {
  Rows rows(10, 0, 6);
  rows.contents[11] = rows.contents[10];
  (void)rows.roles();
  EXPECT_NE(rows.notices.text.find("1 of the test pictures appears with two answers (first: tests0 = tests1)"),
            std::string::npos)
      << rows.notices.text;
}

TEST(RowRoles, SayWhatStandsUnderTwoClassesOrTwice) {
  Rows rows(60, 0, 0);
  rows.contents[3] = rows.contents[0];
  rows.contents[7] = rows.contents[5];
  const RowRoles roles = rows.roles();
  EXPECT_NE(rows.notices.text.find("1 of the pictures appears with two classes (first: learned0 = learned3)"),
            std::string::npos)
      << rows.notices.text;
  EXPECT_NE(rows.notices.text.find("1 of 60 pictures is a copy of others (first: learned5 = learned7)"),
            std::string::npos)
      << rows.notices.text;
  const std::set<std::size_t> test(roles.test.begin(), roles.test.end());
  EXPECT_EQ(test.contains(0), test.contains(3));
  EXPECT_EQ(test.contains(5), test.contains(7));
}

TEST(RowRoles, KeepTheGroupsOfAPatternOnOneSide) {
  Rows rows(60, 0, 0);
  rows.recipe.data.group = "learned([0-9])[0-9]$";
  const RowRoles roles = rows.roles_with_validation();
  std::vector<std::set<std::string>> parts;
  for (const auto& part : {roles.train, roles.validation, roles.test}) {
    parts.emplace_back();
    for (const std::size_t row : part) {
      if (!roles.groups[row].empty()) parts.back().insert(roles.groups[row]);
    }
  }
  EXPECT_EQ(parts[0].size() + parts[1].size() + parts[2].size(), 5U);
  EXPECT_NE(rows.notices.text.find("5 groups, the largest of 10 of 60 pictures"), std::string::npos)
      << rows.notices.text;
  EXPECT_NE(rows.notices.text.find("10 of the pictures belong to no group"), std::string::npos) << rows.notices.text;
}

/// Clips of three speakers, in `parts` by the last digit of their names.
RowRoles roles_of_clips(const std::vector<std::string>& parts, Notices& notices) {
  const testing::Workplace place;
  for (std::size_t part = 0; part < parts.size(); ++part)
    for (const std::string speaker : {"jackson", "theo", "lucas"})
      for (const std::string digit : {"3", "7"}) {
        const std::string name = digit + "_" + speaker + "_" + std::to_string(part) + ".wav";
        place.write(parts[part] + "/" + digit + "/" + name, name);
      }
  Recipe recipe;
  recipe.data.path = place.path().string();
  const TrainingData data = open_training_data(recipe.data, notices);
  std::vector<std::size_t> positions;
  std::vector<Hash128> contents;
  for (std::size_t i = 0; i < data.all->size(); ++i) {
    positions.push_back(i);
    contents.push_back(hash128(data.all->get(i)->id()));
  }
  return assign_roles({data, positions, contents}, recipe, notices);
}

TEST(RowRoles, AreNotGroupedByNamesWhereTheTestPartHasTheSameGroups) {
  Notices notices;
  EXPECT_TRUE(roles_of_clips({"train", "test"}, notices).groups.empty());
  EXPECT_NE(notices.text.find("speakers (LABEL_SPEAKER_NUMBER); 3 of 3 are in the test part"), std::string::npos)
      << notices.text;
  Notices others;
  EXPECT_EQ(roles_of_clips({".", "."}, others).groups.size(), 12U);
  EXPECT_NE(others.text.find("3 groups"), std::string::npos) << others.text;
}

TEST(RowRoles, HoldGroupsOutTogetherInEveryFurtherFoldAndForTheHead) {
  Rows rows(60, 0, 0);
  rows.recipe.data.group = "learned([0-9])[0-9]$";
  rows.contents[3] = rows.contents[0];  // of no group
  const RowRoles roles = rows.roles_with_validation();
  const ReadRows read{rows.data, rows.positions, rows.contents};
  for (const auto& fold : further_folds(roles, read, rows.recipe))
    for (const std::size_t row : roles.train)
      if (!roles.groups[row].empty()) {
        const bool inside = std::ranges::binary_search(fold, row);
        for (const std::size_t other : fold) EXPECT_TRUE(inside || roles.groups[other] != roles.groups[row]);
      }
  const ExampleWindows whole(rows.data.all, std::make_shared<testing::NumbersPreprocessor>(24), 1);
  const std::vector<std::size_t> numbers = held_together(roles, read, whole);
  ASSERT_EQ(numbers.size(), 60U);
  EXPECT_EQ(numbers[10], numbers[19]);
  EXPECT_NE(numbers[10], numbers[20]);
  EXPECT_EQ(numbers[0], numbers[3]) << "copies";
  EXPECT_NE(numbers[0], numbers[1]);
}

TEST(RowRoles, LetExamplesStandAloneThatHaveNeitherGroupsNorCopies) {
  Rows rows(20, 0, 0);
  const ExampleWindows whole(rows.data.all, std::make_shared<testing::NumbersPreprocessor>(24), 1);
  EXPECT_TRUE(held_together(rows.roles(), {rows.data, rows.positions, rows.contents}, whole).empty());
}

TEST(RowRoles, SayWhereAPartIsTooSmallToJudgeBy) {
  Rows rows(20, 0, 0);
  const RowRoles roles = rows.roles();
  notice_small_parts(roles, {rows.data, rows.positions, rows.contents}, "", rows.notices);
  EXPECT_NE(rows.notices.text.find("the test part has 4 pictures, 2 of 'cat' and fewer than 5 of 1 more: too few"),
            std::string::npos)
      << rows.notices.text;
}

TEST(Refit, IsForWhatTheRunHasHeldBackItself) {
  const std::vector<Phase> phases(2);
  RowRoles roles{.train = std::vector<std::size_t>(80), .validation = std::vector<std::size_t>(20)};
  EXPECT_FALSE(is_to_refit(Refit::automatic, roles, phases, true));
  EXPECT_TRUE(is_to_refit(Refit::always, roles, phases, true));
  roles.validation_was_cut = true;
  EXPECT_TRUE(is_to_refit(Refit::automatic, roles, phases, true));
  EXPECT_FALSE(is_to_refit(Refit::never, roles, phases, true));
  EXPECT_FALSE(is_to_refit(Refit::automatic, roles, phases, false));
  EXPECT_THROW((void)is_to_refit(Refit::always, roles, phases, false), Error);
  roles.train.resize(20'000);
  EXPECT_FALSE(is_to_refit(Refit::automatic, roles, phases, true));
}

TEST(Refit, DoesNotFollowALearningRateThatFollowedTheValidationLoss) {
  std::vector<Phase> phases(1);
  phases[0].schedule.kind = "reduce_on_plateau";
  const RowRoles roles{
      .train = std::vector<std::size_t>(80), .validation = std::vector<std::size_t>(20), .validation_was_cut = true};
  EXPECT_FALSE(is_to_refit(Refit::automatic, roles, phases, true));
}

}  // namespace
}  // namespace enxerto
