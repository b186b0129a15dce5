#include "enxerto/features/row_values.h"

#include <gtest/gtest.h>

#include "enxerto/base/error.h"
#include "enxerto/graph/builder.h"

namespace enxerto {
namespace {

const std::vector<InputSpec> kInputs{{.name = "ids", .dtype = DType::i64, .shape = {-1}, .padding = 5},
                                     {.name = "mask", .dtype = DType::f32, .shape = {-1}},
                                     {.name = "fixed", .dtype = DType::f32, .shape = {3}}};

/// "ids" as float32 in pairs, their sum over the length, and "mask" as it is.
Graph prefix() {
  GraphBuilder net("pairs");
  const std::string ids = net.input("ids", {"batch", "length"}, DType::i64);
  net.input("mask", {"batch", "length"});
  net.stage("body");
  const std::string floats = net.add("Cast", "floats", {ids}, {{"to", std::int64_t{1}}});
  const auto axis = net.constant(Tensor::of<std::int64_t>({1}, {1}));
  const std::string sum = net.add("ReduceSum", "sum", {floats, axis}, {{"keepdims", std::int64_t{0}}});
  const std::string twice = net.add("Concat", "twice", {floats, floats}, {{"axis", std::int64_t{1}}});
  Graph graph = [&] {
    net.output(sum, "sum").output(floats, "floats").output(twice, "twice");
    return std::move(net).finish().graph;
  }();
  graph.outputs.push_back(graph.inputs[1]);
  return graph;
}

TEST(RowValues, AreTheOutputsWithoutTheBatchAndVaryWhereInputsDo) {
  const RowValues values(prefix(), kInputs);
  ASSERT_EQ(values.layout().values.size(), 4U);
  EXPECT_EQ(values.layout().values[0], (InputSpec{.name = "sum", .dtype = DType::f32, .shape = {}}));
  EXPECT_EQ(values.layout().values[1], (InputSpec{.name = "floats", .dtype = DType::f32, .shape = {-1}}));
  EXPECT_EQ(values.layout().values[2].shape, Shape{-1});
  EXPECT_EQ(values.layout().values[3], kInputs[1]);
}

TEST(RowValues, AreFixedWhereThePreprocessingGivesOneLength) {
  std::vector<InputSpec> inputs = kInputs;
  inputs[0].shape = inputs[1].shape = {7};
  const RowLayout layout = RowValues(prefix(), inputs).layout();
  EXPECT_TRUE(layout.fixed());
  EXPECT_EQ(layout.values[1].shape, Shape{7});
  EXPECT_EQ(layout.values[2].shape, Shape{14});
}

TEST(RowValues, AreCroppedToTheLengthOfTheExample) {
  const RowValues values(prefix(), kInputs);
  const std::vector<Shape> shapes{{2}, {2}, {3}};
  const TensorMap batch{{"sum", Tensor::of<float>({2}, {1, 2})},
                        {"floats", Tensor::of<float>({2, 3}, {1, 2, 3, 4, 5, 6})},
                        {"twice", Tensor::of<float>({2, 6}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11})},
                        {"mask", Tensor::of<float>({2, 3}, {1, 1, 1, 1, 1, 0})}};
  const std::vector<Tensor> second = values.of(batch, 1, values.lengths(shapes));
  EXPECT_TRUE(identical(second[0], Tensor::of<float>({}, {2})));
  EXPECT_TRUE(identical(second[1], Tensor::of<float>({2}, {4, 5})));
  EXPECT_TRUE(identical(second[2], Tensor::of<float>({4}, {6, 7, 8, 9})));
  EXPECT_TRUE(identical(second[3], Tensor::of<float>({2}, {1, 1})));
}

TEST(RowValues, WithoutAPrefixAreTheInputsThatItNames) {
  EXPECT_EQ(RowValues(Graph{}, kInputs).layout().values, kInputs);
  Graph named;
  named.outputs = {{"mask", DType::f32, {"batch", "length"}}};
  const RowValues values(named, kInputs);
  EXPECT_EQ(values.layout().values, std::vector<InputSpec>{kInputs[1]});
  const std::vector<Shape> shapes{{9}, {1}, {3}};
  const TensorMap batch{{"mask", Tensor::of<float>({1, 2}, {1, 0})}};
  EXPECT_TRUE(identical(values.of(batch, 0, values.lengths(shapes))[0], Tensor::of<float>({1}, {1})));
}

TEST(RowValues, RefuseWhatIsNotOfEachExampleOrNotGiven) {
  Graph whole = prefix();
  whole.nodes.push_back({"all", "ReduceSum", "body", {"floats"}, {"all"}, {{"keepdims", std::int64_t{0}}}});
  whole.outputs = {{"all", DType::f32, {}}};
  EXPECT_THROW(RowValues(whole, kInputs), Error);
  EXPECT_THROW(RowValues(prefix(), std::span(kInputs).first(1)), Error);
  const std::vector<Shape> uneven{{2}, {3}, {3}};
  EXPECT_THROW((void)RowValues(prefix(), kInputs).lengths(uneven), Error);
}

TEST(Buckets, AreThoseOfTheLengthsThatVary) {
  const std::vector<Shape> shapes{{3}, {17}, {3}};
  const PadOptions powers{.buckets = PadOptions::Buckets::powers, .step = 16};
  EXPECT_EQ(buckets_of(kInputs, shapes, powers), (std::vector<std::int64_t>{16, 32}));
}

}  // namespace
}  // namespace enxerto
