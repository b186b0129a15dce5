#include "enxerto/data/split.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

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

TEST(Split, HoldsOutAboutItsShareOfEachClass) {
  const Split split = stratified_split(labels(5000, 5), contents(5000), {.held_out = 0.2, .seed = 1});
  EXPECT_EQ(split.kept.size() + split.held_out.size(), 5000U);
  std::vector<int> held(5);
  for (const std::size_t i : split.held_out) ++held[i % 5];
  for (const int count : held) EXPECT_NEAR(count, 200, 50);
  EXPECT_TRUE(std::is_sorted(split.kept.begin(), split.kept.end()));
  EXPECT_TRUE(std::is_sorted(split.held_out.begin(), split.held_out.end()));
}

TEST(ContentSplit, DependsOnContentsAndSeedAlone) {
  const std::vector<Hash128> hashes = contents(1000);
  const Split split = content_split(hashes, {.held_out = 0.3, .seed = 5});
  EXPECT_NEAR(static_cast<double>(split.held_out.size()), 300, 60);
  const Split fewer = content_split(std::span(hashes).first(500), {.held_out = 0.3, .seed = 5});
  for (const std::size_t i : fewer.held_out)
    EXPECT_TRUE(std::binary_search(split.held_out.begin(), split.held_out.end(), i));
  EXPECT_NE(content_split(hashes, {.held_out = 0.3, .seed = 6}).held_out, split.held_out);
}

TEST(Split, MovesNoFileWhenOthersAreAdded) {
  std::vector<Hash128> hashes = contents(400);
  std::vector<std::int64_t> classes = labels(400, 4);
  const Split before = stratified_split(classes, hashes, {.held_out = 0.25, .seed = 7});
  const std::vector<Hash128> more = contents(200, "new");
  hashes.insert(hashes.end(), more.begin(), more.end());
  classes.resize(600, 2);
  const Split after = stratified_split(classes, hashes, {.held_out = 0.25, .seed = 7});
  std::vector<std::size_t> old;
  std::copy_if(after.held_out.begin(), after.held_out.end(), std::back_inserter(old), [](auto i) { return i < 400; });
  EXPECT_EQ(old, before.held_out);
}

TEST(Split, DependsOnTheSeedAndNotOnTheOrder) {
  const Split one = stratified_split(labels(200, 2), contents(200), {.held_out = 0.5, .seed = 1});
  const Split two = stratified_split(labels(200, 2), contents(200), {.held_out = 0.5, .seed = 2});
  EXPECT_NE(one.held_out, two.held_out);
  std::vector<Hash128> reversed = contents(200);
  std::reverse(reversed.begin(), reversed.end());
  std::vector<std::int64_t> classes = labels(200, 2);
  std::reverse(classes.begin(), classes.end());
  Split mirrored = stratified_split(classes, reversed, {.held_out = 0.5, .seed = 1});
  for (std::size_t& i : mirrored.held_out) i = 199 - i;
  std::sort(mirrored.held_out.begin(), mirrored.held_out.end());
  EXPECT_EQ(mirrored.held_out, one.held_out);
}

TEST(Split, KeepsEqualContentsOnOneSideEvenAcrossClasses) {
  std::vector<Hash128> hashes = contents(100);
  for (std::size_t i = 50; i < 100; ++i) hashes[i] = hashes[i - 50];
  const Split split = stratified_split(labels(100, 3), hashes, {.held_out = 0.3, .seed = 3});
  std::set<std::size_t> held(split.held_out.begin(), split.held_out.end());
  ASSERT_FALSE(held.empty());
  for (std::size_t i = 50; i < 100; ++i) EXPECT_EQ(held.contains(i), held.contains(i - 50));
}

TEST(Split, PutsOneOnEachSideOfASmallClass) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const std::vector<std::int64_t> classes{0, 0, 1, 1, 1, 2};
    const Split split = stratified_split(classes, contents(6), {.held_out = 0.2, .seed = seed});
    std::vector<int> held(3);
    for (const std::size_t i : split.held_out) ++held[static_cast<std::size_t>(classes[i])];
    EXPECT_EQ(held[0], 1);
    EXPECT_TRUE(held[1] == 1 || held[1] == 2);
    EXPECT_EQ(held[2], 0);
  }
}

TEST(Split, RefusesWhatCannotBeSplit) {
  EXPECT_THROW(stratified_split(labels(3, 3), contents(3), {.held_out = 0.2, .seed = 0}), Error);
  EXPECT_THROW(stratified_split(labels(4, 2), contents(4), {.held_out = 1.0, .seed = 0}), Error);
  EXPECT_THROW(stratified_split(labels(4, 2), contents(3), {.held_out = 0.2, .seed = 0}), Error);
  EXPECT_EQ(stratified_split(labels(3, 3), contents(3), {.held_out = 0, .seed = 0}).kept.size(), 3U);
}

TEST(Duplicates, AreFoundAcrossTwoSets) {
  std::vector<Hash128> train = contents(5), test = contents(8, "t");
  test[2] = train[4];
  test[6] = train[0];
  test[7] = Hash128{};
  train.push_back(Hash128{});
  EXPECT_EQ(duplicates_across(train, test), (std::vector<std::size_t>{2, 6}));
}

}  // namespace
}  // namespace enxerto
