#include "enxerto/training/parameter_groups.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "enxerto/base/error.h"
#include "enxerto/graph/cut.h"
#include "tests/files/thrown.h"
#include "tests/graph/small_network.h"

namespace enxerto {
namespace {

const std::vector<std::string> kAll{"stem", "body", "head"};

bool has(const ParameterGroup& group, const std::string& name) {
  return std::ranges::find(group.parameters, name) != group.parameters.end();
}

const ParameterGroup& group_of(const std::vector<ParameterGroup>& groups, const std::string& name) {
  return *std::ranges::find_if(groups, [&](const ParameterGroup& group) { return has(group, name); });
}

TEST(ParameterGroups, NeverHaveARunningStatistic) {
  for (const ParameterGroup& group : parameter_groups(small_network(), kAll))
    for (const std::string& name : group.parameters) EXPECT_EQ(name.find("running"), std::string::npos) << name;
}

TEST(ParameterGroups, HaveEveryOtherParameterOnce) {
  std::vector<std::string> names;
  for (const ParameterGroup& group : parameter_groups(small_network(), kAll))
    names.insert(names.end(), group.parameters.begin(), group.parameters.end());
  std::ranges::sort(names);
  EXPECT_EQ(names, (std::vector<std::string>{"bn1.bias", "bn1.weight", "bn2.bias", "bn2.weight", "conv1.weight",
                                             "conv2.weight", "fc.bias", "fc.weight"}));
}

TEST(ParameterGroups, DecayWeightsButNotBiasesAndNorms) {
  const auto groups = parameter_groups(small_network(), kAll, {.weight_decay = 0.1});
  EXPECT_EQ(group_of(groups, "fc.weight").weight_decay, 0.1);
  EXPECT_EQ(group_of(groups, "fc.bias").weight_decay, 0);
  EXPECT_EQ(group_of(groups, "bn1.weight").weight_decay, 0);
  EXPECT_EQ(group_of(groups, "conv1.weight").weight_decay, 0.1);
}

TEST(ParameterGroups, DecayAllWhereAsked) {
  for (const ParameterGroup& group : parameter_groups(small_network(), kAll, {.weight_decay = 0.1, .decay_all = true}))
    EXPECT_EQ(group.weight_decay, 0.1);
}

TEST(ParameterGroups, LearnSlowerAwayFromTheHead) {
  const auto groups = parameter_groups(small_network(), kAll, {.layer_decay = 0.5});
  EXPECT_EQ(group_of(groups, "fc.weight").rate_scale, 1);
  EXPECT_EQ(group_of(groups, "conv2.weight").rate_scale, 0.5);
  EXPECT_EQ(group_of(groups, "conv1.weight").rate_scale, 0.25);
}

TEST(ParameterGroups, LeaveNormsOutWhereAsked) {
  const auto groups = parameter_groups(small_network(), kAll, {.learn_norms = false});
  EXPECT_TRUE(std::ranges::none_of(groups, [](const ParameterGroup& group) { return has(group, "bn1.weight"); }));
}

TEST(ParameterGroups, LeaveOtherStagesOut) {
  const Graph suffix = cut(small_network(), "head").suffix;
  const auto groups = parameter_groups(suffix, std::vector<std::string>{"head"});
  EXPECT_EQ(trained_values(suffix, groups), 4U * 5 + 5);
}

TEST(ParameterGroups, RefuseAPhaseThatTrainsNothing) {
  expect_says(thrown_by([] { (void)parameter_groups(small_network(), std::vector<std::string>{"loss"}); }),
              ErrorKind::usage, "trains nothing");
}

}  // namespace
}  // namespace enxerto
