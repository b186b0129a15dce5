#include "tests/engine/torch/operator_rows.h"

namespace enxerto::testing {

std::vector<OperatorCase> matrix_and_norm_cases() {
  using Ints = std::vector<std::int64_t>;
  const Attribute yes = std::int64_t{1};
  const Operand map{{2, 4, 3, 3}}, scale{{4}, 0.5, 1.5}, shift{{4}};
  return {
      {.name = "Gemm", .operands = {{{2, 3}}, {{3, 4}}, {{4}}}},
      {.name = "Gemm_Dense", .operands = {{{2, 3}}, {{4, 3}}, {{4}}}, .attributes = {{"transB", yes}}},
      {.name = "Gemm_DenseWithoutBias", .operands = {{{2, 3}}, {{4, 3}}}, .attributes = {{"transB", yes}}},
      {.name = "Gemm_Everything",
       .operands = {{{3, 2}}, {{4, 3}}, {{2, 1}}},
       .attributes = {{"transA", yes}, {"transB", yes}, {"alpha", 0.7F}, {"beta", 1.3F}}},
      {.name = "MatMul", .operands = {{{2, 3}}, {{3, 4}}}},
      {.name = "MatMul_Batched", .operands = {{{2, 1, 3, 2}}, {{3, 2, 4}}}},
      {.name = "MatMul_Vector", .operands = {{{2, 3}}, {{3}}}},
      {.name = "Einsum",
       .operands = {{{2, 3, 4}}, {{2, 4, 5}}},
       .attributes = {{"equation", std::string("bij,bjk->bki")}}},
      {.name = "BatchNormalization",
       .operands = {map, scale, shift, {{4}, -0.5, 0.5}, {{4}, 0.5, 2}},
       .attributes = {{"epsilon", 1e-3F}}},
      {.name = "BatchNormalization_Rows", .operands = {{{3, 4}}, scale, shift, {{4}}, {{4}, 0.5, 2}}},
      {.name = "LayerNormalization", .operands = {{{2, 3, 4}}, scale, shift}},
      {.name = "LayerNormalization_Axis",
       .operands = {{{2, 3, 4}}, {{3, 4}, 0.5, 1.5}},
       .attributes = {{"axis", std::int64_t{1}}, {"epsilon", 1e-3F}}},
      {.name = "LayerNormalization_Stretched",
       .operands = {{{2, 3, 4}}, scale, shift},
       .attributes = {{"axis", std::int64_t{1}}},
       .forward_engine = false},
      {.name = "GroupNormalization",
       .operands = {map, {{2}, 0.5, 1.5}, {{2}}},
       .attributes = {{"num_groups", std::int64_t{2}}}},
      {.name = "InstanceNormalization", .operands = {map, scale, shift}},
      {.name = "LpNormalization", .operands = {{{2, 5}}}},
      {.name = "LpNormalization_Absolute",
       .operands = {{{2, 5}}},
       .attributes = {{"p", yes}, {"axis", std::int64_t{0}}}},
      {.name = "MeanVarianceNormalization", .operands = {map}},
      {.name = "MeanVarianceNormalization_Axes", .operands = {map}, .attributes = {{"axes", Ints{2, 3}}}},
      {.name = "LRN",
       .operands = {{{2, 5, 2, 2}}},
       .attributes = {{"size", std::int64_t{3}}, {"alpha", 0.3F}, {"bias", 1.5F}},
       .forward_engine = false},  // OpenVINO differs from ONNX Runtime and PyTorch here
      {.name = "DequantizeLinear",
       .operands = {{{}, 0.5, 1}},
       .constants = {{0, Tensor::of<std::uint8_t>({4}, {0, 3, 7, 200})}, {2, Tensor::scalar<std::uint8_t>(3)}}},
  };
}

}  // namespace enxerto::testing
