#include "enxerto/graph/symbol_size.h"

#include <gtest/gtest.h>

namespace enxerto {
namespace {

const SymbolSizes kSizes{{"batch", 2}, {"frames", 7}, {"past+1", 5}};

TEST(SymbolSize, FollowsTheExpressionsThatShapeRulesWrite) {
  EXPECT_EQ(size_at(12, kSizes), 12);
  EXPECT_EQ(size_at("frames", kSizes), 7);
  EXPECT_EQ(size_at("batch*49", kSizes), 98);
  EXPECT_EQ(size_at("batch*frames", kSizes), 14);
  EXPECT_EQ(size_at("frames+1", kSizes), 8);
  EXPECT_EQ(size_at("frames-1", kSizes), 6);
  EXPECT_EQ(size_at("ceil(frames/2)", kSizes), 4);
  EXPECT_EQ(size_at("floor((frames-3)/2)+1", kSizes), 3);
  EXPECT_EQ(size_at("ceil(floor((frames-3)/2)+1/2)", kSizes), 3);
  EXPECT_EQ(size_at("past+1", kSizes), 5) << "the name of a symbol";
}

TEST(SymbolSize, IsUnknownWhereASymbolIsOrThereIsNoWholeNumber) {
  EXPECT_EQ(size_at("length", kSizes), std::nullopt);
  EXPECT_EQ(size_at("slice(frames,0,3,1)", kSizes), std::nullopt);
  EXPECT_EQ(size_at("frames/2", kSizes), std::nullopt);
  EXPECT_EQ(size_at("frames/0", kSizes), std::nullopt);
  EXPECT_EQ(size_at("batch-frames", kSizes), std::nullopt);
  EXPECT_EQ(size_at("(frames", kSizes), std::nullopt);
}

}  // namespace
}  // namespace enxerto
