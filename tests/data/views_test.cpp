#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/data/concatenate.h"
#include "enxerto/data/relabel.h"
#include "enxerto/data/target_kind.h"
#include "tests/data/made_dataset.h"
#include "tests/data/targets.h"

namespace enxerto {
namespace {

using testing::label_of, testing::MadeDataset, testing::numbers_of;

DatasetPtr named(std::string prefix, const std::vector<std::int64_t>& labels,
                 std::vector<std::string> classes = {"a", "b"}) {
  return std::make_shared<MadeDataset>(std::move(classes), labels, std::move(prefix));
}

/// Example number n has n at the first place and 0 elsewhere.
DatasetPtr targeted(std::string_view kind, std::size_t size, std::vector<std::string> names = {"a", "b"}) {
  std::vector<std::vector<float>> targets(size, std::vector<float>(names.size()));
  for (std::size_t i = 0; i < size; ++i) targets[i][0] = static_cast<float>(i);
  return std::make_shared<MadeDataset>(kind, std::move(names), targets);
}

TEST(Views, PassTargetsOn) {
  const DatasetPtr values = targeted(kRegressionTarget, 5);
  const DatasetPtr part = subset(values, {4, 2});
  EXPECT_EQ(part->info().target.kind, kRegressionTarget);
  EXPECT_EQ(numbers_of(*part, 0), (std::vector<float>{4, 0}));
  EXPECT_EQ(numbers_of(*take(values, 3), 2), (std::vector<float>{2, 0}));
  const DatasetPtr both = concatenate({part, values});
  EXPECT_EQ(both->info().target.kind, kRegressionTarget);
  EXPECT_EQ(numbers_of(*both, 3), (std::vector<float>{1, 0}));
  EXPECT_THROW(first_per_class(values, 1), Error);
  EXPECT_THROW(concatenate({values, targeted(kMultiLabelTarget, 1)}), Error);
}

TEST(Relabel, OrdersLabelsAndValuesByName) {
  const Relabelled values = relabel(targeted(kRegressionTarget, 3), {"b", "a"});
  EXPECT_EQ(numbers_of(*values.dataset, 2), (std::vector<float>{0, 2}));
  EXPECT_EQ(values.dataset->info().target.kind, kRegressionTarget);
  EXPECT_TRUE(values.missing.empty());
  const Relabelled labels = relabel(targeted(kMultiLabelTarget, 2, {"a", "zebra"}), {"c", "a"});
  EXPECT_EQ(numbers_of(*labels.dataset, 1), (std::vector<float>{0, 1}));
  EXPECT_EQ(labels.missing, std::vector<std::string>{"c"});
  EXPECT_EQ(labels.unknown, std::vector<std::string>{"zebra"});
  EXPECT_EQ(labels.left_out, 0U);
}

TEST(Relabel, RefusesAValueThatIsNotThere) { EXPECT_THROW(relabel(targeted(kRegressionTarget, 3), {"a", "c"}), Error); }

TEST(Concatenate, HasTheExamplesOfAllPartsInOrder) {
  const DatasetPtr all = concatenate({named("x", {0, 1}), nullptr, named("empty", {}), named("y", {1})});
  ASSERT_EQ(all->size(), 3U);
  EXPECT_EQ(all->get(1)->id(), "x1");
  EXPECT_EQ(all->get(2)->id(), "y0");
  EXPECT_EQ(label_of(*all, 2), 1);
}

TEST(Concatenate, RefusesPartsWithDifferentClasses) {
  EXPECT_THROW((void)concatenate({named("x", {0}), named("y", {0}, {"a", "c"})}), Error);
}

TEST(Relabel, MatchesClassesByNameNotByPosition) {
  const Relabelled view = relabel(named("x", {0, 1, 0}, {"b", "a"}), {"a", "b", "c"});
  ASSERT_EQ(view.dataset->size(), 3U);
  EXPECT_EQ(label_of(*view.dataset, 0), 1);
  EXPECT_EQ(label_of(*view.dataset, 1), 0);
  EXPECT_EQ(view.missing, std::vector<std::string>{"c"});
  EXPECT_TRUE(view.unknown.empty());
}

TEST(Relabel, LeavesOutExamplesOfUnknownClassesAndCountsThem) {
  const Relabelled view = relabel(named("x", {0, 1, 1}, {"a", "zebra"}), {"a"});
  ASSERT_EQ(view.dataset->size(), 1U);
  EXPECT_EQ(view.dataset->get(0)->id(), "x0");
  EXPECT_EQ(view.left_out, 2U);
  EXPECT_EQ(view.unknown, std::vector<std::string>{"zebra"});
}

TEST(Relabel, NumbersOthersBehindTheNamesWhereTheyMatter) {
  const Relabelled view =
      relabel(named("x", {0, 1, 2}, {"a", "zebra", "yak"}), {"b", "a"}, OtherClasses::numbered_behind);
  ASSERT_EQ(view.dataset->size(), 3U);
  EXPECT_EQ(label_of(*view.dataset, 0), 1);
  EXPECT_EQ(label_of(*view.dataset, 1), 2);
  EXPECT_EQ(label_of(*view.dataset, 2), 2);
  EXPECT_EQ(view.left_out, 0U);
  EXPECT_EQ(view.unknown, (std::vector<std::string>{"zebra", "yak"}));
  EXPECT_EQ(view.missing, std::vector<std::string>{"b"});
}

}  // namespace
}  // namespace enxerto
