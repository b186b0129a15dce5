#include "enxerto/engine/torch/memory_reuse.h"

#include <gtest/gtest.h>

#include <ATen/ATen.h>

namespace enxerto {
namespace {

constexpr std::int64_t kLargeCount = 1 << 18, kSmallCount = 16;

TEST(MemoryReuse, GivesALargeBlockToTheNextThatWantsOneOfItsSize) {
  const MemoryReuse reuse;
  const void* first = at::empty({kLargeCount}).const_data_ptr();
  EXPECT_EQ(at::empty({kLargeCount}).const_data_ptr(), first);
  EXPECT_EQ(at::empty({kLargeCount - kLargeCount / 8}).const_data_ptr(), first) << "a little smaller";
  const at::Tensor held = at::empty({kLargeCount});
  EXPECT_NE(at::empty({kLargeCount}).const_data_ptr(), held.const_data_ptr());
}

TEST(MemoryReuse, NeverGivesABlockThatIsTooSmall) {
  const MemoryReuse reuse;
  for (std::int64_t count = kLargeCount; count < 3 * kLargeCount; count += 65537) {
    const at::Tensor tensor = at::full({count}, 3.0);
    EXPECT_EQ(tensor.sum().item<float>(), 3.0F * static_cast<float>(count));
  }
}

TEST(MemoryReuse, TakesTensorsFromBeforeAndLeavesThoseThatOutliveIt) {
  const at::Tensor small = at::full({kSmallCount}, 1.0);
  at::Tensor before = at::full({kLargeCount}, 1.0), outliving;
  {
    const MemoryReuse reuse;
    before = at::Tensor();
    outliving = at::full({kLargeCount}, 2.0);
    const MemoryReuse second;
  }
  EXPECT_EQ(outliving.min().item<float>(), 2.0F);
  outliving = at::full({kLargeCount}, 4.0);
  EXPECT_EQ(outliving.max().item<float>(), 4.0F);
  EXPECT_EQ(small.max().item<float>(), 1.0F);
}

}  // namespace
}  // namespace enxerto
