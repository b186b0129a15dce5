#include "enxerto/pretrained/turned_matrix.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace enxerto {
namespace {

TEST(TurnedMatrix, HasRowsForColumnsWhateverTheElementType) {
  const std::vector<std::int64_t> values{1, 2, 3, 4, 5, 6};
  const Tensor turned = turned_matrix(Tensor::of<std::int64_t>({2, 3}, std::span<const std::int64_t>(values)));
  EXPECT_EQ(turned.shape(), (Shape{3, 2}));
  EXPECT_EQ(std::vector<std::int64_t>(turned.as<std::int64_t>().begin(), turned.as<std::int64_t>().end()),
            (std::vector<std::int64_t>{1, 4, 2, 5, 3, 6}));
  EXPECT_EQ(turned_matrix(Tensor::of<float>({0, 3}, std::span<const float>())).shape(), (Shape{3, 0}));
}

}  // namespace
}  // namespace enxerto
