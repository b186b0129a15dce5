#include "enxerto/engine/precision.h"

#include <gtest/gtest.h>

#include <limits>

#include "enxerto/base/error.h"
#include "tests/engine/small_networks.h"

namespace enxerto {
namespace {

/// A convolution whose sum is small because 256.5 meets -256, which are one number in bf16.
Graph cancelling() {
  std::vector<float> kernel(256);
  for (std::size_t i = 0; i < kernel.size(); ++i) kernel[i] = i % 2 == 0 ? 256.5F : -256.0F;
  Graph graph;
  graph.name = "cancelling";
  graph.inputs = {{"x", DType::f32, {"batch", 16, 4, 4}}};
  graph.parameters.set("w", Tensor::of<float>({16, 16, 1, 1}, kernel));
  graph.nodes = {{"conv", "Conv", "all", {"x", "w"}, {"y"}, {}}};
  graph.outputs = {{"y", DType::f32, {"batch", 16, 4, 4}}};
  return graph;
}

TEST(RowCosine, IsTheLeastOverTheRows) {
  const Tensor a = Tensor::of<float>({3, 2}, {1, 0, 1, 1, 2, 0});
  const Tensor b = Tensor::of<float>({3, 2}, {5, 0, 1, 1, 0, 1});
  EXPECT_DOUBLE_EQ(min_row_cosine(a, a), 1);
  EXPECT_DOUBLE_EQ(min_row_cosine(a, b), 0);
  EXPECT_DOUBLE_EQ(min_row_cosine(a.rows(0, 2), b.rows(0, 2)), 1);
}

TEST(RowCosine, CountsTwoRowsOfZerosAsEqualAndOneAsNot) {
  const Tensor zeros = Tensor::of<float>({1, 2}, {0, 0});
  EXPECT_EQ(min_row_cosine(zeros, zeros), 1);
  EXPECT_LT(min_row_cosine(zeros, Tensor::of<float>({1, 2}, {1, 0})), kAgreement);
}

TEST(RowCosine, NeverAgreesWithWhatIsNotFinite) {
  const Tensor bad = Tensor::of<float>({1, 2}, {std::numeric_limits<float>::infinity(), 1});
  EXPECT_LT(min_row_cosine(bad, bad), kAgreement);
}

TEST(RowCosine, RefusesOtherShapes) {
  EXPECT_THROW(min_row_cosine(Tensor::of<float>({1, 2}, {1, 2}), Tensor::of<float>({2}, {1, 2})), Error);
}

TEST(Precision, HasTheNamesOfTheCommandLine) {
  EXPECT_EQ(name_of(Precision::fp32), "fp32");
  EXPECT_EQ(name_of(Precision::bf16), "bf16");
}

TEST(ChoosePrecision, KeepsToFp32WhereBf16Disagrees) {
  const std::vector<TensorMap> sample{{{"x", Tensor::of<float>({2, 16, 4, 4}, std::vector<float>(512, 1.0F))}}};
  const MeasuredPrecision choice = choose_precision(cancelling(), sample, 1);
  EXPECT_EQ(choice.chosen, Precision::fp32);
  if (has_bf16()) {
    EXPECT_TRUE(choice.reason.starts_with("bf16 does not agree with fp32")) << choice.reason;
    EXPECT_LT(choice.min_cosine, kAgreement);
  }
}

TEST(ChoosePrecision, MeasuresBothWhereTheProcessorHasBoth) {
  const std::vector<TensorMap> sample{{{"input", testing::tensor_of({4, 3, 8, 8}, 1)}},
                                      {{"input", testing::tensor_of({4, 3, 8, 8}, 2)}}};
  const MeasuredPrecision choice = choose_precision(testing::small_classifier(), sample, 2);
  EXPECT_EQ(choice.fp32_rate > 0, has_bf16());
  EXPECT_EQ(choice.bf16_rate > 0, has_bf16());
  EXPECT_GE(choice.min_cosine, kAgreement);
  const std::string measured = choice.chosen == Precision::bf16 ? "faster than fp32" : "bf16 is not faster";
  EXPECT_TRUE(choice.reason.starts_with(has_bf16() ? measured : "the processor has no bf16")) << choice.reason;
}

TEST(ChoosePrecision, NeedsASample) { EXPECT_THROW(choose_precision(testing::small_classifier(), {}, 1), Error); }

}  // namespace
}  // namespace enxerto
