#include "enxerto/workflow/network_head.h"

#include <gtest/gtest.h>

#include <memory>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

/// Labels without pictures.
class Labels final : public Dataset {
 public:
  explicit Labels(std::vector<std::int64_t> labels, std::vector<std::string> classes)
      : labels_(std::move(labels)),
        info_{.inputs = {Medium::image}, .target = {.kind = std::string(kClassTarget), .names = std::move(classes)}} {}
  std::size_t size() const override { return labels_.size(); }
  std::unique_ptr<Example> get(std::size_t) const override { return nullptr; }
  const DatasetInfo& info() const override { return info_; }
  Tensor target(std::size_t position) const override { return Tensor::scalar(labels_.at(position)); }

 private:
  std::vector<std::int64_t> labels_;
  DatasetInfo info_;
};

const std::vector<std::size_t> kAll{0, 1, 2, 3};

TEST(PlanHead, TakesClassNumbersUnlessTargetsAreMixed) {
  const Labels data({0, 1, 1, 1}, {"a", "b"});
  Recipe recipe;
  recipe.phases = {Phase{}};
  EXPECT_EQ(plan_head(recipe, data, kAll).loss.kind, "sparse_categorical_cross_entropy");
  recipe.phases[0].augmentation.mixup = 0.2;
  const HeadPlan plan = plan_head(recipe, data, kAll);
  EXPECT_EQ(plan.loss.kind, "categorical_cross_entropy");
  EXPECT_TRUE(targets_for(plan, data, kAll).can_mix());
  recipe.loss.kind = "sparse_categorical_cross_entropy";
  EXPECT_THROW(plan_head(recipe, data, kAll), Error);
}

TEST(PlanHead, HasOneUnitForTwoClassesAndRefusesItForThree) {
  Recipe recipe;
  recipe.head.output = "sigmoid";
  const Labels two({0, 1, 1, 1}, {"a", "b"});
  const HeadPlan plan = plan_head(recipe, two, kAll);
  EXPECT_EQ(plan.loss.kind, "binary_cross_entropy");
  EXPECT_EQ(targets_for(plan, two, kAll).get(kAll).shape(), (Shape{4, 1}));
  EXPECT_THROW(plan_head(recipe, Labels({0, 1, 2, 1}, {"a", "b", "c"}), kAll), Error);
}

TEST(PlanHead, WeighsClassesInverselyToTheirFrequency) {
  Recipe recipe;
  recipe.head.class_weights = ClassWeights::balanced;
  const std::vector<double> weights = plan_head(recipe, Labels({0, 1, 1, 1}, {"a", "b"}), kAll).loss.class_weights;
  EXPECT_EQ(weights, (std::vector<double>{2.0, 4.0 / 6.0}));
}

TEST(PlanHead, RefusesALossThatDoesNotGoWithTheOutput) {
  Recipe recipe;
  recipe.loss.kind = "mean_squared_error";
  EXPECT_THROW(plan_head(recipe, Labels({0, 1, 1, 1}, {"a", "b"}), kAll), Error);
}

}  // namespace
}  // namespace enxerto
