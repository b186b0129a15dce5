#include "enxerto/data/split.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <string>
#include <utility>

#include "enxerto/base/error.h"
#include "enxerto/data/duplicates.h"

namespace enxerto {
namespace {

std::vector<Hash128> contents(std::size_t count, const std::string& salt = "") {
  std::vector<Hash128> result;
  for (std::size_t i = 0; i < count; ++i) result.push_back(hash128(salt + std::to_string(i)));
  return result;
}

std::vector<std::int64_t> labels(std::size_t count, std::int64_t classes) {
  std::vector<std::int64_t> result;
  for (std::size_t i = 0; i < count; ++i) result.push_back(static_cast<std::int64_t>(i) % classes);
  return result;
}

SplitExamples examples(std::vector<Hash128> hashes, const std::vector<std::int64_t>& classes) {
  SplitExamples made{.contents = std::move(hashes)};
  for (const std::int64_t number : classes) {
    const auto label = static_cast<std::uint32_t>(number);
    made.labels.add(number < 0 ? std::span<const std::uint32_t>() : std::span(&label, 1));
  }
  return made;
}

Split stratified(const std::vector<std::int64_t>& classes, const std::vector<Hash128>& hashes, double share,
                 std::uint64_t seed) {
  return split_examples(examples(hashes, classes), {.held_out = share, .seed = seed});
}

std::vector<int> held_of(const Split& split, const std::vector<std::int64_t>& classes, std::size_t count) {
  std::vector<int> held(count);
  for (const std::size_t i : split.held_out) ++held[static_cast<std::size_t>(classes[i])];
  return held;
}

TEST(Split, HoldsOutTheLastExamplesWhereTheyGoOnFromOneAnother) {
  SplitExamples text;
  text.contents = contents(10);
  for (int i = 0; i < 10; ++i) text.labels.add({});
  const Split split = split_examples(text, {.held_out = 0.3, .seed = 7, .last = true});
  EXPECT_EQ(split.held_out, (std::vector<std::size_t>{7, 8, 9}));
  EXPECT_EQ(split.kept.size(), 7U);
}

TEST(Split, HoldsOutExactlyItsShareOfEachClassRoundedUp) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    std::vector<std::int64_t> classes = labels(150, 5);
    classes.resize(157, 1);
    const Split split = stratified(classes, contents(157), 0.2, seed);
    EXPECT_EQ(split.kept.size() + split.held_out.size(), 157U);
    EXPECT_EQ(held_of(split, classes, 5), (std::vector<int>{6, 8, 6, 6, 6}));
    EXPECT_TRUE(std::is_sorted(split.kept.begin(), split.kept.end()));
    EXPECT_TRUE(std::is_sorted(split.held_out.begin(), split.held_out.end()));
  }
}

TEST(Split, TakesADecimalShareAsItIsWritten) {
  // 0.07 * 100 is above 7, 0.29 * 100 is below 29.
  EXPECT_EQ(stratified(labels(100, 1), contents(100), 0.07, 0).held_out.size(), 7U);
  EXPECT_EQ(stratified(labels(100, 1), contents(100), 0.29, 0).held_out.size(), 29U);
  EXPECT_EQ(stratified(labels(3, 1), contents(3), 0.1, 0).held_out.size(), 1U);
}

TEST(Split, WithoutClassesHoldsOutItsShareOfAll) {
  const std::vector<std::int64_t> none(1000, -1);
  const Split split = stratified(none, contents(1000), 0.3, 5);
  EXPECT_EQ(split.held_out.size(), 300U);
  EXPECT_NE(stratified(none, contents(1000), 0.3, 6).held_out, split.held_out);
}

TEST(Split, MovesAtMostOneOfTheClassWhereAFileIsAdded) {
  std::vector<Hash128> hashes = contents(400);
  std::vector<std::int64_t> classes = labels(400, 4);
  std::vector<std::size_t> before = stratified(classes, hashes, 0.25, 7).held_out;
  for (const Hash128& one : contents(50, "new")) {
    hashes.push_back(one);
    classes.push_back(2);
    const std::vector<std::size_t> after = stratified(classes, hashes, 0.25, 7).held_out;
    std::vector<std::size_t> moved;
    std::ranges::set_symmetric_difference(before, after, std::back_inserter(moved));
    std::erase(moved, hashes.size() - 1);
    EXPECT_LE(moved.size(), 1U);
    for (const std::size_t i : moved) EXPECT_EQ(classes[i], 2);
    before = after;
  }
}

TEST(Split, DependsOnTheSeedAndNotOnTheOrder) {
  const Split one = stratified(labels(200, 2), contents(200), 0.5, 1);
  const Split two = stratified(labels(200, 2), contents(200), 0.5, 2);
  EXPECT_NE(one.held_out, two.held_out);
  std::vector<Hash128> reversed = contents(200);
  std::reverse(reversed.begin(), reversed.end());
  std::vector<std::int64_t> classes = labels(200, 2);
  std::reverse(classes.begin(), classes.end());
  Split mirrored = stratified(classes, reversed, 0.5, 1);
  for (std::size_t& i : mirrored.held_out) i = 199 - i;
  std::sort(mirrored.held_out.begin(), mirrored.held_out.end());
  EXPECT_EQ(mirrored.held_out, one.held_out);
}

TEST(Split, KeepsEqualContentsOnOneSideEvenAcrossClasses) {
  std::vector<Hash128> hashes = contents(100);
  for (std::size_t i = 50; i < 100; ++i) hashes[i] = hashes[i - 50];
  const Split split = stratified(labels(100, 3), hashes, 0.3, 3);
  std::set<std::size_t> held(split.held_out.begin(), split.held_out.end());
  ASSERT_FALSE(held.empty());
  for (std::size_t i = 50; i < 100; ++i) EXPECT_EQ(held.contains(i), held.contains(i - 50));
}

TEST(Split, PutsOneOnEachSideOfASmallClass) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const std::vector<std::int64_t> classes{0, 0, 1, 1, 1, 2};
    EXPECT_EQ(held_of(stratified(classes, contents(6), 0.2, seed), classes, 3), (std::vector<int>{1, 1, 0}));
    EXPECT_EQ(held_of(stratified(classes, contents(6), 0.9, seed), classes, 3), (std::vector<int>{1, 2, 0}));
  }
}

TEST(Split, RefusesWhatCannotBeSplit) {
  EXPECT_THROW(stratified(labels(3, 3), contents(3), 0.2, 0), Error);
  EXPECT_THROW(stratified(labels(4, 2), contents(4), 1.0, 0), Error);
  EXPECT_THROW(stratified(labels(4, 2), contents(3), 0.2, 0), Error);
  EXPECT_EQ(stratified(labels(3, 3), contents(3), 0, 0).kept.size(), 3U);
}

TEST(Duplicates, AreFoundAcrossTwoSets) {
  std::vector<Hash128> train = contents(5), test = contents(8, "t");
  test[2] = train[4];
  test[6] = train[0];
  test[7] = Hash128{};
  train.push_back(Hash128{});
  EXPECT_EQ(duplicates_across(train, test), (std::vector<std::size_t>{2, 6}));
}

TEST(Duplicates, AreToldFromContentsThatStandWithTwoAnswers) {
  const std::vector<std::int64_t> classes{0, 0, 1, 1, 0, 1};
  std::vector<Hash128> hashes = contents(6);
  hashes[4] = hashes[0];
  hashes[3] = hashes[1];
  hashes[5] = hashes[1];
  hashes[2] = Hash128{};
  const auto same = [&](std::size_t i, std::size_t j) { return classes[i] == classes[j]; };
  const RepeatedContents found = repeated_contents(hashes, same);
  EXPECT_EQ(found.copies.count, 1U);
  EXPECT_EQ(found.copies.first, 0U);
  EXPECT_EQ(found.copies.second, 4U);
  EXPECT_EQ(found.conflicts.count, 1U);
  EXPECT_EQ(found.conflicts.first, 1U);
  EXPECT_EQ(found.conflicts.second, 3U);
}

}  // namespace
}  // namespace enxerto
