#include "enxerto/graph/infer.h"

#include <gtest/gtest.h>

#include "enxerto/base/error.h"
#include "tests/graph/small_network.h"

namespace enxerto {
namespace {

using Ints = std::vector<std::int64_t>;

/// The shape of a node's output as text, or what is wrong.
std::string shape_after(const std::string& op, const std::vector<SymbolicShape>& shapes,
                        const Attributes& attributes = {}, const std::vector<Tensor>& constants = {}) {
  const Node node{"n", op, "", {}, {"y"}, attributes};
  std::vector<ValueType> types;
  for (const SymbolicShape& shape : shapes) types.push_back({DType::f32, shape});
  for (const Tensor& tensor : constants) {
    types.push_back({tensor.dtype(), SymbolicShape(tensor.shape().begin(), tensor.shape().end())});
  }
  std::vector<InferInput> inputs;
  for (std::size_t i = 0; i < types.size(); ++i) {
    inputs.push_back({.type = &types[i], .constant = i < shapes.size() ? nullptr : &constants[i - shapes.size()]});
  }
  try {
    return to_string(infer_node(node, inputs).at(0).shape);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::weights);
    return "error";
  }
}

Tensor numbers(const Ints& values) {
  return Tensor::of<std::int64_t>({static_cast<std::int64_t>(values.size())}, values);
}

TEST(InferShapes, CarriesTheSymbolicBatchThrough) {
  const ValueTypes types = infer_shapes(small_network());
  EXPECT_EQ(to_string(types.at("act2").shape), "(batch, 4, 8, 8)");
  EXPECT_EQ(to_string(types.at("pool.flatten").shape), "(batch, 4)");
  EXPECT_EQ(to_string(types.at("logits").shape), "(batch, 5)");
  EXPECT_EQ(types, infer_shapes(small_blueprint()));
}

TEST(InferShapes, KnowsConvolutions) {
  const SymbolicShape x{"n", 8, 11, 12};
  const Attributes strided{{"strides", Ints{2, 2}}, {"pads", Ints{1, 1, 1, 1}}};
  EXPECT_EQ(shape_after("Conv", {x, {6, 8, 3, 3}}), "(n, 6, 9, 10)");
  EXPECT_EQ(shape_after("Conv", {x, {6, 8, 3, 3}}, strided), "(n, 6, 6, 6)");
  EXPECT_EQ(shape_after("Conv", {x, {6, 8, 3, 3}}, {{"dilations", Ints{2, 3}}}), "(n, 6, 7, 6)");
  EXPECT_EQ(shape_after("Conv", {x, {8, 1, 5, 5}}, {{"group", std::int64_t{8}}}), "(n, 8, 7, 8)");
  const Attributes same{{"strides", Ints{2, 2}}, {"auto_pad", std::string("SAME_UPPER")}};
  EXPECT_EQ(shape_after("Conv", {x, {6, 8, 3, 3}}, same), "(n, 6, 6, 6)");
  EXPECT_EQ(shape_after("Conv", {{"n", 8, "h", "w"}, {6, 8, 3, 3}}, same), "(n, 6, ceil(h/2), ceil(w/2))");
  EXPECT_EQ(shape_after("Conv", {{"n", 8, "h", "h"}, {6, 8, 1, 1}}), "(n, 6, h, h)");
  EXPECT_EQ(shape_after("Conv", {{"n", 8, "h", "h"}, {6, 8, 3, 3}}), "(n, 6, floor((h-3)/1)+1, floor((h-3)/1)+1)");
  EXPECT_EQ(shape_after("Conv", {{"n", 8, "rows*320"}, {6, 8, 10}}, {{"strides", Ints{5}}, {"pads", Ints{0, 5}}}),
            "(n, 6, rows*64)");
  EXPECT_EQ(shape_after("Conv", {{"n", 8, "rows*2"}, {6, 8, 2}}, {{"strides", Ints{2}}}), "(n, 6, rows)");
}

TEST(InferShapes, RefusesConvolutionsThatDoNotFit) {
  EXPECT_EQ(shape_after("Conv", {{"n", 8, 11, 12}, {6, 7, 3, 3}}), "error");
  EXPECT_EQ(shape_after("Conv", {{"n", 8, 2, 12}, {6, 8, 3, 3}}), "error");
  EXPECT_EQ(shape_after("Conv", {{"n", 8, 11, 12}, {6, 8, 3, 3}}, {{"strides", Ints{0, 1}}}), "error");
  EXPECT_EQ(shape_after("Conv", {{"n", 8, 11, 12}, {6, 8, 3, 3}}, {{"strides", Ints{1}}}), "error");
  EXPECT_EQ(shape_after("Conv", {{"n", 8, 11, 12}}), "error");
}

TEST(InferShapes, KnowsPooling) {
  const Attributes floor{{"kernel_shape", Ints{3, 3}}, {"strides", Ints{2, 2}}};
  Attributes ceil = floor;
  ceil["ceil_mode"] = std::int64_t{1};
  EXPECT_EQ(shape_after("MaxPool", {{1, 4, 6, 7}}, floor), "(1, 4, 2, 3)");
  EXPECT_EQ(shape_after("AveragePool", {{1, 4, 6, 7}}, ceil), "(1, 4, 3, 3)");
  // The fourth window would begin in the padding: 3 windows, as PyTorch counts.
  const Attributes tail{
      {"kernel_shape", Ints{1}}, {"strides", Ints{3}}, {"pads", Ints{0, 2}}, {"ceil_mode", std::int64_t{1}}};
  EXPECT_EQ(shape_after("MaxPool", {{1, 4, 7}}, tail), "(1, 4, 3)");
  EXPECT_EQ(shape_after("GlobalAveragePool", {{"n", 4, "h", 7}}), "(n, 4, 1, 1)");
  EXPECT_EQ(shape_after("MaxPool", {{1, 4, 6, 7}}), "error");
}

TEST(InferShapes, KnowsMatrixProducts) {
  const Attributes transposed{{"transB", std::int64_t{1}}};
  EXPECT_EQ(shape_after("Gemm", {{"n", 4}, {5, 4}, {5}}, transposed), "(n, 5)");
  EXPECT_EQ(shape_after("Gemm", {{"n", 4}, {5, 4}}), "error");
  EXPECT_EQ(shape_after("MatMul", {{"n", 3, 7, 4}, {4, 5}}), "(n, 3, 7, 5)");
  EXPECT_EQ(shape_after("MatMul", {{"n", 3, 7, 4}, {5, 4}}), "error");
}

TEST(InferShapes, Broadcasts) {
  EXPECT_EQ(shape_after("Add", {{"n", 4, 8, 8}, {4, 1, 1}}), "(n, 4, 8, 8)");
  EXPECT_EQ(shape_after("Mul", {{4, 1}, {1, 5}}), "(4, 5)");
  EXPECT_EQ(shape_after("Add", {{"n", 4}, {"m", 4}}), "error");
  EXPECT_EQ(shape_after("Add", {{3}, {4}}), "error");
}

TEST(InferShapes, KnowsChangesOfLayout) {
  EXPECT_EQ(shape_after("Flatten", {{"n", 4, 5, 6}}), "(n, 120)");
  EXPECT_EQ(shape_after("Flatten", {{"n", 4, 5, 6}}, {{"axis", std::int64_t{2}}}), "(n*4, 30)");
  EXPECT_EQ(shape_after("Transpose", {{"n", 4, 5}}, {{"perm", Ints{0, 2, 1}}}), "(n, 5, 4)");
  EXPECT_EQ(shape_after("Transpose", {{"n", 4, 5}}, {{"perm", Ints{0, 2, 2}}}), "error");
  EXPECT_EQ(shape_after("Concat", {{"n", 4}, {"n", 5}}, {{"axis", std::int64_t{-1}}}), "(n, 9)");
  EXPECT_EQ(shape_after("Concat", {{"n", 4}, {"m", 5}}, {{"axis", std::int64_t{1}}}), "error");
  EXPECT_EQ(shape_after("Reshape", {{"n", 4, 5}}, {}, {numbers({0, -1})}), "(n, 20)");
  EXPECT_EQ(shape_after("Reshape", {{6, 4}}, {}, {numbers({2, -1, 3})}), "(2, 4, 3)");
  EXPECT_EQ(shape_after("Reshape", {{6, 4}}, {}, {numbers({5, -1})}), "error");
  EXPECT_EQ(shape_after("Reshape", {{6, 4}}, {}, {numbers({6, 5})}), "error");
  EXPECT_EQ(shape_after("Reshape", {{6, 4}, {2}}), "error");
  EXPECT_EQ(shape_after("Pad", {{"n", 4}}, {}, {numbers({0, 1, 0, 2})}), "(n, 7)");
  EXPECT_EQ(shape_after("ReduceMean", {{"n", 4, 5}}, {{"keepdims", std::int64_t{0}}}, {numbers({-1})}), "(n, 4)");
}

TEST(InferShapes, RefusesWhatItDoesNotKnow) {
  EXPECT_EQ(shape_after("Frobnicate", {{1}}), "error");
  EXPECT_FALSE(is_known_operator("Frobnicate"));
  EXPECT_TRUE(is_known_operator("Conv"));
}

TEST(InferShapes, RefusesSizesThatOverflow) {
  const std::int64_t huge = std::int64_t{1} << 40;
  EXPECT_EQ(shape_after("Flatten", {{1, huge, huge}}), "error");
}

TEST(BytesPerExample, CountsSymbolsAsOne) { EXPECT_EQ(bytes_per_example({DType::f32, {"batch", 3, 2}}), 24U); }

}  // namespace
}  // namespace enxerto
