#include "enxerto/transfer/target_source.h"

#include <gtest/gtest.h>

#include <memory>

#include "enxerto/base/error.h"
#include "tests/data/made_dataset.h"
#include "tests/transfer/given_targets.h"

namespace enxerto {
namespace {

using testing::MadeDataset;
const std::vector<std::size_t> kSome{2, 0};

TargetSource of(const DatasetPtr& data, const TaskRequest& asked, std::vector<std::size_t> positions) {
  return {make_task("auto", {.dataset = *data, .training = positions}, asked), data, positions};
}

TEST(TargetSource, AsksTheTaskForWhatTheLossWants) {
  const auto data =
      std::make_shared<MadeDataset>(std::vector<std::string>{"a", "b"}, std::vector<std::int64_t>{1, 0, 1});
  TaskRequest asked{.head = {.output = "auto"}, .loss = {.kind = "auto"}};
  EXPECT_TRUE(identical(of(data, asked, {0, 1, 2}).get(kSome).at("target"), Tensor::of<std::int64_t>({2}, {1, 1})));
  EXPECT_FALSE(of(data, asked, {0, 1, 2}).can_mix());
  asked.mixes = true;
  EXPECT_TRUE(identical(of(data, asked, {1, 2}).get(std::vector<std::size_t>{0, 1}).at("target"),
                        Tensor::of<float>({2, 2}, {1, 0, 0, 1})));
  asked.head.output = "sigmoid";
  EXPECT_TRUE(identical(of(data, asked, {0, 1, 2}).get(kSome).at("target"), Tensor::of<float>({2, 1}, {1, 1})));
}

TEST(TargetSource, MixesByShares) {
  const TargetSource source = testing::one_hot({0, 1, 0}, 2);
  ASSERT_TRUE(source.can_mix());
  const std::vector<std::size_t> partners{1, 2};
  const std::vector<double> shares{0.75, 0.5};
  EXPECT_TRUE(
      identical(source.mixed(kSome, partners, shares).at("target"), Tensor::of<float>({2, 2}, {0.75F, 0.25F, 1, 0})));
}

TEST(TargetSource, NamesAnExampleWithoutAClass) {
  const auto data =
      std::make_shared<MadeDataset>(std::vector<std::string>{"a", "b"}, std::vector<std::int64_t>{1, 0, -1});
  const TaskRequest asked{.head = {.output = "auto"}, .loss = {.kind = "auto"}};
  const TaskPtr task = make_task("auto", {.dataset = *data, .training = std::vector<std::size_t>{0, 1}}, asked);
  try {
    (void)TargetSource(task, data, {0, 1, 2});
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::data);
    EXPECT_NE(std::string(error.what()).find("example2"), std::string::npos);
  }
}

}  // namespace
}  // namespace enxerto
