#include "enxerto/base/finite.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

namespace enxerto {
namespace {

TEST(Finite, FindsOneNumberThatIsNotAnywhere) {
  constexpr float kLargest = std::numeric_limits<float>::max();
  for (const std::size_t size : {1U, 7U, 64U, 1000U}) {
    std::vector<float> values(size, -kLargest);
    EXPECT_TRUE(all_finite(values));
    for (const float bad : {std::numeric_limits<float>::infinity(), -std::numeric_limits<float>::infinity(),
                            std::numeric_limits<float>::quiet_NaN()})
      for (const std::size_t at : {std::size_t{0}, size / 2, size - 1}) {
        values[at] = bad;
        EXPECT_FALSE(all_finite(values)) << at << " of " << size;
        values[at] = kLargest;
      }
  }
  EXPECT_TRUE(all_finite({}));
}

}  // namespace
}  // namespace enxerto
