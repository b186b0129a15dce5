#include "enxerto/data/target_batch.h"

#include <gtest/gtest.h>

#include "enxerto/base/error.h"
#include "tests/data/made_dataset.h"

namespace enxerto {
namespace {

using testing::MadeDataset;

TEST(TargetBatch, StacksWhatMetricsTake) {
  const std::vector<std::size_t> positions{2, 0};
  const Tensor classes = target_batch(MadeDataset({"a", "b"}, {1, 0, 0}), positions);
  EXPECT_TRUE(identical(classes, Tensor::of<std::int64_t>({2}, {0, 1})));
  const Tensor values = target_batch(MadeDataset(kRegressionTarget, {"a", "b"}, {{1, 2}, {3, 4}, {5, 6}}), positions);
  EXPECT_TRUE(identical(values, Tensor::of<float>({2, 2}, {5, 6, 1, 2})));
  EXPECT_THROW(target_batch(MadeDataset({"a", "b"}, {1, 0, -1}), positions), Error);
}

}  // namespace
}  // namespace enxerto
