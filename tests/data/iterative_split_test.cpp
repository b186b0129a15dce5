#include "enxerto/data/iterative_split.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

using Labels = std::vector<std::uint32_t>;

/// Examples with these labels each, of contents that differ.
SplitExamples with_labels(const std::vector<Labels>& labels, const std::vector<std::string>& groups = {}) {
  SplitExamples examples{.groups = groups};
  for (std::size_t i = 0; i < labels.size(); ++i) {
    examples.contents.push_back(hash128(std::to_string(i)));
    examples.labels.add(labels[i]);
  }
  return examples;
}

std::size_t held_with(const Split& split, const std::vector<Labels>& labels, std::uint32_t label) {
  return static_cast<std::size_t>(std::ranges::count_if(
      split.held_out, [&](std::size_t i) { return std::ranges::find(labels[i], label) != labels[i].end(); }));
}

/// Label 0 on every second example, 1 on every fifth, 2 on every twentieth, 3 on two; many have none.
std::vector<Labels> four_labels() {
  std::vector<Labels> labels(200);
  for (std::uint32_t i = 0; i < 200; ++i) {
    if (i % 2 == 0) labels[i].push_back(0);
    if (i % 5 == 0) labels[i].push_back(1);
    if (i % 20 == 3) labels[i].push_back(2);
    if (i == 7 || i == 11) labels[i].push_back(3);
  }
  return labels;
}

TEST(IterativeSplit, HoldsOutTheShareOfEachOfSeveralLabels) {
  const std::vector<Labels> labels = four_labels();
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Split split = split_examples(with_labels(labels), {.held_out = 0.2, .seed = seed});
    EXPECT_NEAR(static_cast<double>(split.held_out.size()), 40, 4) << seed;  // each label is rounded up
    EXPECT_NEAR(static_cast<double>(held_with(split, labels, 0)), 20, 1) << seed;
    EXPECT_EQ(held_with(split, labels, 1), 8U) << seed;
    EXPECT_EQ(held_with(split, labels, 2), 2U) << seed;
    EXPECT_EQ(held_with(split, labels, 3), 1U) << seed;
  }
}

TEST(IterativeSplit, DependsOnContentsAndSeedAlone) {
  const std::vector<Labels> labels = four_labels();
  const Split one = split_examples(with_labels(labels), {.held_out = 0.2, .seed = 1});
  EXPECT_EQ(split_examples(with_labels(labels), {.held_out = 0.2, .seed = 1}).held_out, one.held_out);
  EXPECT_NE(split_examples(with_labels(labels), {.held_out = 0.2, .seed = 2}).held_out, one.held_out);
  SplitExamples turned;
  for (std::size_t i = labels.size(); i-- > 0;) {
    turned.contents.push_back(hash128(std::to_string(i)));
    turned.labels.add(labels[i]);
  }
  std::set<std::size_t> held;
  for (const std::size_t i : split_examples(turned, {.held_out = 0.2, .seed = 1}).held_out) held.insert(199 - i);
  EXPECT_EQ(held, std::set(one.held_out.begin(), one.held_out.end()));
}

TEST(IterativeSplit, NeverDividesAGroup) {
  std::vector<Labels> labels;
  std::vector<std::string> groups;
  for (std::uint32_t i = 0; i < 300; ++i) {
    labels.push_back({i % 3});
    groups.push_back("patient " + std::to_string(i % 47 % 23));
  }
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const Split split = split_examples(with_labels(labels, groups), {.held_out = 0.2, .seed = seed});
    std::set<std::string> kept, held;
    for (const std::size_t i : split.kept) kept.insert(groups[i]);
    for (const std::size_t i : split.held_out) held.insert(groups[i]);
    EXPECT_EQ(kept.size() + held.size(), 23U);
    for (std::uint32_t label = 0; label < 3; ++label)
      EXPECT_NEAR(static_cast<double>(held_with(split, labels, label)), 20, 6) << seed;
  }
}

TEST(IterativeSplit, KeepsGroupsThatShareAContentTogetherAndLetsTheRestStandAlone) {
  SplitExamples examples = with_labels(std::vector<Labels>(40, Labels{0}), std::vector<std::string>(40));
  for (std::size_t i = 0; i < 10; ++i) examples.groups[i] = i < 5 ? "left" : "right";
  examples.contents[9] = examples.contents[0];
  const Split split = split_examples(examples, {.held_out = 0.3, .seed = 0});
  EXPECT_EQ(split.held_out.size(), 12U);
  const auto first = std::ranges::count_if(split.held_out, [](std::size_t i) { return i < 10; });
  EXPECT_TRUE(first == 0 || first == 10);
}

TEST(IterativeSplit, PutsAGroupOfEachClassOnEachSide) {
  const std::vector<Labels> labels{{0}, {0}, {0}, {0}, {1}, {1}, {1}, {1}};
  const Split split = split_examples(with_labels(labels, {"a", "a", "b", "b", "c", "c", "c", "d"}), {.held_out = 0.2});
  EXPECT_EQ(held_with(split, labels, 0), 2U);
  EXPECT_EQ(held_with(split, labels, 1), 1U);
}

TEST(IterativeSplit, RefusesOneGroupForAll) {
  const std::vector<Labels> labels(6, Labels{0});
  EXPECT_THROW((void)split_examples(with_labels(labels, std::vector<std::string>(6, "all")), {.held_out = 0.2}), Error);
}

}  // namespace
}  // namespace enxerto
