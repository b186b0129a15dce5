#include "enxerto/graph/fixed_lengths.h"

#include <gtest/gtest.h>

#include "enxerto/graph/builder.h"
#include "enxerto/graph/cost.h"

namespace enxerto {
namespace {

Graph one_layer(const SymbolicShape& input) {
  GraphBuilder net("words");
  const std::string x = net.input("x", input);
  net.stage("block0");
  net.output(net.dense(x, "dense", 4), "y");
  return std::move(net).finish().graph;
}

TEST(FixedLengths, MakeCostsThoseOfALength) {
  const Graph words = one_layer({"batch", "tokens", 8});
  EXPECT_TRUE(has_varying_lengths(words));
  const Graph ten = with_lengths(words, 10);
  EXPECT_FALSE(has_varying_lengths(ten));
  EXPECT_EQ(ten.inputs[0].shape, (SymbolicShape{"batch", 10, 8}));
}

TEST(FixedLengths, AreNoneOfABatchAlone) {
  const Graph rows = one_layer({"batch", 8});
  EXPECT_FALSE(has_varying_lengths(rows));
  EXPECT_EQ(with_lengths(rows, 10).inputs[0].shape, (SymbolicShape{"batch", 8}));
}

}  // namespace
}  // namespace enxerto
