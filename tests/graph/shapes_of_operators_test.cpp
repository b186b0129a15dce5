#include <gtest/gtest.h>

#include "enxerto/base/error.h"
#include "enxerto/graph/fold_shapes.h"
#include "enxerto/graph/infer.h"
#include "enxerto/graph/symbol.h"

namespace enxerto {
namespace {

using Ints = std::vector<std::int64_t>;

Tensor ints(const Ints& values) { return Tensor::of<std::int64_t>({static_cast<std::int64_t>(values.size())}, values); }

/// The shape that one operation gives for inputs x (batch, 6, 4, 4) and constants.
SymbolicShape shape_of(std::string op, const std::vector<Tensor>& constants, Attributes attributes = {},
                       SymbolicShape x = {"batch", 6, 4, 4}) {
  Graph graph{"g", {{"x", DType::f32, std::move(x)}}, {}, {}, {}};
  std::vector<std::string> inputs{"x"};
  for (std::size_t i = 0; i < constants.size(); ++i) {
    inputs.push_back(std::string(1, static_cast<char>('a' + i)));
    graph.nodes.push_back({inputs.back(), "Constant", "", {}, {inputs.back()}, {{"value", constants[i]}}});
  }
  graph.nodes.push_back({"y", std::move(op), "", inputs, {"y"}, std::move(attributes)});
  return infer_shapes(graph).at("y").shape;
}

TEST(ShapeOf, Slice) {
  EXPECT_EQ(shape_of("Slice", {ints({1, -3}), ints({6, INT64_MAX}), ints({1, 2}), ints({2, 1})}),
            (SymbolicShape{"batch", 3, 3, 4}));
  EXPECT_EQ(shape_of("Slice", {ints({-1}), ints({INT64_MIN}), ints({1}), ints({-1})}),
            (SymbolicShape{"batch", 6, 4, 4}));
  EXPECT_EQ(shape_of("Slice", {ints({5}), ints({2}), ints({1})}), (SymbolicShape{"batch", std::int64_t{0}, 4, 4}));
  EXPECT_THROW(shape_of("Slice", {ints({0}), ints({1}), ints({1}), ints({0})}), Error);
}

TEST(ShapeOf, SqueezeAndUnsqueeze) {
  EXPECT_EQ(shape_of("Unsqueeze", {ints({-1, 0})}), (SymbolicShape{1, "batch", 6, 4, 4, 1}));
  EXPECT_EQ(shape_of("Squeeze", {ints({2, 3})}, {}, {"batch", 6, 1, 1}), (SymbolicShape{"batch", 6}));
  EXPECT_THROW(shape_of("Squeeze", {ints({1})}), Error);
  EXPECT_THROW(shape_of("Unsqueeze", {ints({1, 1})}), Error);
}

TEST(ShapeOf, ExpandTileAndRepeatedConstants) {
  EXPECT_EQ(shape_of("Expand", {ints({2, 1, 6, 1, 4})}, {}, {"batch", 6, 4, 1}), (SymbolicShape{2, "batch", 6, 4, 4}));
  EXPECT_EQ(shape_of("Tile", {ints({1, 2, 1, 3})}), (SymbolicShape{"batch", 12, 4, 12}));
  EXPECT_THROW(shape_of("Tile", {ints({1, 2})}), Error);
}

TEST(ShapeOf, Resize) {
  const Tensor none = Tensor::of<float>({0}, std::vector<float>{});
  const Tensor scales = Tensor::of<float>({4}, {1, 1, 2.5, 0.5});
  EXPECT_EQ(shape_of("Resize", {none, scales}), (SymbolicShape{"batch", 6, 10, 2}));
}

TEST(ShapeOf, BlocksOfDepthAndSpace) {
  EXPECT_EQ(shape_of("SpaceToDepth", {}, {{"blocksize", std::int64_t{2}}}), (SymbolicShape{"batch", 24, 2, 2}));
  EXPECT_EQ(shape_of("DepthToSpace", {}, {{"blocksize", std::int64_t{2}}}, {"batch", 8, 4, 4}),
            (SymbolicShape{"batch", 2, 8, 8}));
  EXPECT_THROW(shape_of("DepthToSpace", {}, {{"blocksize", std::int64_t{4}}}), Error);
}

TEST(ShapeOf, ConvTranspose) {
  const Tensor kernel = Tensor::of<float>({6, 5, 3, 3}, std::vector<float>(270));
  EXPECT_EQ(shape_of("ConvTranspose", {kernel}, {{"strides", Ints{2, 2}}, {"pads", Ints{1, 1, 1, 1}}}),
            (SymbolicShape{"batch", 5, 7, 7}));
  EXPECT_THROW(shape_of("ConvTranspose", {kernel}, {{"group", std::int64_t{1} << 62}}), Error);
}

TEST(ShapeOf, ReductionsAndExtremes) {
  EXPECT_EQ(shape_of("ReduceL2", {ints({-1, 1})}, {{"keepdims", std::int64_t{0}}}), (SymbolicShape{"batch", 4}));
  EXPECT_EQ(shape_of("ArgMax", {}, {{"axis", std::int64_t{1}}}), (SymbolicShape{"batch", 1, 4, 4}));
  EXPECT_EQ(shape_of("TopK", {ints({2})}), (SymbolicShape{"batch", 6, 4, 2}));
}

TEST(ShapeOf, Einsum) {
  EXPECT_EQ(shape_of("Einsum", {Tensor::of<float>({6, 2}, std::vector<float>(12))},
                     {{"equation", std::string("bchw, ck -> bkhw")}}),
            (SymbolicShape{"batch", 2, 4, 4}));
}

TEST(Symbol, WritesEqualProductsEqually) {
  EXPECT_EQ(times(Dim("batch"), Dim(7)), times(Dim(7), Dim("batch")));
  EXPECT_EQ(times(*times(Dim("batch"), Dim(7)), Dim(7)), Dim("batch*49"));
  EXPECT_EQ(times(Dim("a+b"), Dim(2)), Dim("(a+b)*2"));
  EXPECT_EQ(times(Dim(std::int64_t{1} << 62), Dim(2)), std::nullopt);
}

TEST(Symbol, DividesWhatDivides) {
  EXPECT_EQ(divided(Dim("batch*49"), Dim(7)), Dim("batch*7"));
  EXPECT_EQ(divided(Dim("batch*49"), Dim("batch*7")), Dim(7));
  EXPECT_EQ(divided(Dim("batch*49"), Dim(2)), std::nullopt);
  EXPECT_EQ(divided(Dim(4), Dim(std::int64_t{0})), std::nullopt);
}

/// x -> Shape -> Gather 0 -> Concat [n, 96] -> Reshape.
Graph computed_reshape() {
  Graph graph{"g", {{"x", DType::f32, {"batch", 6, 4, 4}}}, {{"y", DType::f32, {"batch", 96}}}, {}, {}};
  graph.nodes = {{"s", "Shape", "a", {"x"}, {"s"}, {}},
                 {"zero", "Constant", "a", {}, {"zero"}, {{"value", ints({0})}}},
                 {"n", "Gather", "a", {"s", "zero"}, {"n"}, {}},
                 {"rest", "Constant", "a", {}, {"rest"}, {{"value", ints({96})}}},
                 {"t", "Concat", "a", {"n", "rest"}, {"t"}, {{"axis", std::int64_t{0}}}},
                 {"y", "Reshape", "a", {"x", "t"}, {"y"}, {}}};
  return graph;
}

TEST(FoldShapes, LeavesNumbersForAComputedReshape) {
  EXPECT_EQ(infer_shapes(computed_reshape()).at("y").shape, (SymbolicShape{"batch", 96}));
  const Graph folded = fold_shapes(computed_reshape());
  ASSERT_EQ(folded.nodes.size(), 2U);
  EXPECT_EQ(folded.nodes[0].op, "Constant");
  EXPECT_EQ(folded.nodes[1].op, "Reshape");
}

TEST(FoldShapes, DoesTheArithmeticOfComputedPads) {
  Graph graph{"g", {{"x", DType::f32, {"batch", 8}}}, {{"y", DType::f32, {"batch", 10}}}, {}, {}};
  const auto constant = [&](const std::string& name, Tensor value) {
    graph.nodes.push_back({name, "Constant", "", {}, {name}, {{"value", std::move(value)}}});
  };
  constant("size", Tensor::of<float>({4}, {-3, 0.5, -1, 2.5}));
  constant("least", Tensor::scalar(0.0F));
  graph.nodes.push_back({"floor", "Floor", "", {"size"}, {"floor"}, {}});
  graph.nodes.push_back({"clip", "Clip", "", {"floor", "least"}, {"clip"}, {}});
  graph.nodes.push_back({"pads", "Cast", "", {"clip"}, {"pads"}, {{"to", std::int64_t{7}}}});
  graph.nodes.push_back({"y", "Pad", "", {"x", "pads"}, {"y"}, {}});
  EXPECT_EQ(infer_shapes(graph).at("y").shape, (SymbolicShape{"batch", 10}));
  EXPECT_EQ(fold_shapes(graph).nodes.size(), 2U);
}

TEST(FoldShapes, KeepsWeightsThatAreOnlyTurned) {
  Graph graph{"g", {{"x", DType::f32, {"batch", 2}}}, {{"y", DType::f32, {"batch", 2}}}, {}, {}};
  graph.parameters.set("w", Tensor::of<float>({2, 2}, {1, 2, 3, 4}));
  graph.nodes = {{"t", "Transpose", "", {"w"}, {"t"}, {}}, {"y", "MatMul", "", {"x", "t"}, {"y"}, {}}};
  EXPECT_TRUE(fold_shapes(graph).parameters.contains("w"));
}

}  // namespace
}  // namespace enxerto
