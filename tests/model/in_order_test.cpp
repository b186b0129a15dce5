#include "enxerto/model/in_order.h"

#include <gtest/gtest.h>

#include <vector>

#include "enxerto/base/threads.h"

namespace enxerto {
namespace {

TEST(InOrder, PassesOnInTheOrderOfTheTickets) {
  std::vector<std::size_t> passed;
  InOrder<std::size_t> order(500, 8, [&](std::size_t value) { passed.push_back(value); });
  run_workers(6, [&](int) {
    while (const auto ticket = order.take()) order.give(*ticket, *ticket * 2);
  });
  ASSERT_EQ(passed.size(), 500U);
  for (std::size_t i = 0; i < 500; ++i) EXPECT_EQ(passed[i], i * 2);
}

TEST(InOrder, HandsOutNoMoreThanThereIsRoomFor) {
  std::size_t passed = 0;
  InOrder<int> order(100, 3, [&](int) { ++passed; });
  ASSERT_EQ(order.take(), 0U);
  ASSERT_EQ(order.take(), 1U);
  ASSERT_EQ(order.take(), 2U);
  order.give(2, 0);
  order.give(1, 0);
  EXPECT_EQ(passed, 0U);
  order.give(0, 0);
  EXPECT_EQ(passed, 3U);
  EXPECT_EQ(order.take(), 3U);
}

TEST(InOrder, SendsWaitingWorkersHomeWhenStopped) {
  InOrder<int> order(100, 1, [](int) {});
  ASSERT_EQ(order.take(), 0U);
  run_workers(2, [&](int worker) {
    if (worker == 0)
      order.stop();
    else
      EXPECT_FALSE(order.take());
  });
  EXPECT_FALSE(order.take());
}

}  // namespace
}  // namespace enxerto
