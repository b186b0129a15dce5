#include "enxerto/base/state_dict.h"

#include <gtest/gtest.h>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

StateDict three() {
  StateDict state;
  for (const char* name : {"c", "a", "b"}) state.set(name, Tensor::scalar<float>(static_cast<float>(name[0])));
  return state;
}

TEST(StateDict, KeepsTheOrderInWhichTensorsWereAdded) {
  std::string order;
  for (const auto& [name, tensor] : three()) order += name;
  EXPECT_EQ(order, "cab");
}

TEST(StateDict, ReplacesInPlace) {
  StateDict state = three();
  state.set("a", Tensor::scalar<float>(0));
  EXPECT_EQ(state.size(), 3U);
  EXPECT_EQ(std::next(state.begin())->second.as<float>()[0], 0.0F);
}

TEST(StateDict, FindsTheRestAfterOneWasErased) {
  StateDict state = three();
  EXPECT_TRUE(state.erase("c"));
  EXPECT_FALSE(state.erase("c"));
  EXPECT_EQ(state.at("b").as<float>()[0], 98.0F);
  EXPECT_THROW((void)state.at("c"), Error);
}

}  // namespace
}  // namespace enxerto
