#include "tests/engine/torch/operator_rows.h"

namespace enxerto::testing {
namespace {

using Ints = std::vector<std::int64_t>;

const Ints kTwo{2, 2}, kThree{3, 3}, kAround{1, 1, 1, 1}, kBehind{0, 0, 1, 1};
const Attribute kSameUpper = std::string("SAME_UPPER"), kSameLower = std::string("SAME_LOWER");
const Attribute kYes = std::int64_t{1};

std::vector<OperatorCase> convolutions() {
  const Operand x{{1, 4, 5, 5}}, kernel{{2, 4, 3, 3}}, grouped{{4, 2, 3, 3}}, bias{{2}}, more{{4}};
  return {
      {.name = "Conv", .operands = {x, kernel, bias}},
      {.name = "Conv_Around", .operands = {x, kernel, bias}, .attributes = {{"pads", kAround}, {"strides", kTwo}}},
      {.name = "Conv_Behind", .operands = {x, kernel}, .attributes = {{"pads", kBehind}, {"strides", kTwo}}},
      {.name = "Conv_SameUpper", .operands = {x, {{3, 4, 2, 2}}}, .attributes = {{"auto_pad", kSameUpper}}},
      {.name = "Conv_SameLower",
       .operands = {{{1, 4, 6, 6}}, kernel},
       .attributes = {{"auto_pad", kSameLower}, {"strides", kTwo}}},
      {.name = "Conv_Groups",
       .operands = {x, grouped, more},
       .attributes = {{"group", std::int64_t{2}}, {"pads", kAround}}},
      {.name = "Conv_Depthwise", .operands = {x, {{4, 1, 3, 3}}}, .attributes = {{"group", std::int64_t{4}}}},
      {.name = "Conv_Dilated", .operands = {x, kernel}, .attributes = {{"dilations", kTwo}}},
      {.name = "Conv_Pointwise", .operands = {x, {{3, 4, 1, 1}}}},
      {.name = "Conv_Sequence", .operands = {{{2, 3, 7}}, {{2, 3, 3}}}, .attributes = {{"pads", Ints{1, 1}}}},
      {.name = "Conv_Volume", .operands = {{{1, 2, 3, 4, 3}}, {{2, 2, 2, 2, 2}}}},
      {.name = "ConvTranspose", .operands = {x, {{4, 2, 3, 3}}, {{2}}}},
      {.name = "ConvTranspose_Strided",
       .operands = {x, {{4, 2, 3, 3}}, {{2}}},
       .attributes = {{"strides", kTwo}, {"pads", kAround}, {"output_padding", Ints{1, 1}}}},
      {.name = "ConvTranspose_Behind",
       .operands = {x, {{4, 2, 3, 3}}, {{2}}},
       .attributes = {{"strides", kTwo}, {"pads", kBehind}}},
      {.name = "ConvTranspose_Same",
       .operands = {x, {{4, 2, 3, 3}}},
       .attributes = {{"strides", kTwo}, {"auto_pad", kSameUpper}}},
      {.name = "ConvTranspose_Groups",
       .operands = {x, {{4, 2, 2, 2}}, {{4}}},
       .attributes = {{"group", std::int64_t{2}}, {"dilations", kTwo}}},
  };
}

std::vector<OperatorCase> pools() {
  const Operand x{{1, 3, 5, 5}}, positive{{1, 3, 5, 5}, 0.3, 2};
  return {
      {.name = "MaxPool", .operands = {x}, .attributes = {{"kernel_shape", kTwo}, {"strides", kTwo}}},
      {.name = "MaxPool_Around",
       .operands = {x},
       .attributes = {{"kernel_shape", kThree}, {"strides", kTwo}, {"pads", kAround}}},
      {.name = "MaxPool_Ceil",
       .operands = {x},
       .attributes = {{"kernel_shape", kTwo}, {"strides", kTwo}, {"ceil_mode", kYes}}},
      {.name = "MaxPool_Behind",
       .operands = {x},
       .attributes = {{"kernel_shape", kThree}, {"strides", kTwo}, {"pads", kBehind}}},
      {.name = "MaxPool_Dilated", .operands = {x}, .attributes = {{"kernel_shape", kTwo}, {"dilations", kTwo}}},
      {.name = "MaxPool_Same",
       .operands = {{{1, 2, 6, 6}}},
       .attributes = {{"kernel_shape", kThree}, {"strides", kTwo}, {"auto_pad", kSameUpper}}},
      {.name = "MaxPool_Sequence", .operands = {{{2, 3, 7}}}, .attributes = {{"kernel_shape", Ints{3}}}},
      {.name = "AveragePool", .operands = {x}, .attributes = {{"kernel_shape", kTwo}}},
      {.name = "AveragePool_Around", .operands = {x}, .attributes = {{"kernel_shape", kThree}, {"pads", kAround}}},
      {.name = "AveragePool_Counted",
       .operands = {x},
       .attributes = {{"kernel_shape", kThree}, {"pads", kAround}, {"count_include_pad", kYes}}},
      {.name = "AveragePool_Behind",
       .operands = {x},
       .attributes = {{"kernel_shape", kThree}, {"pads", kBehind}, {"strides", kTwo}}},
      {.name = "AveragePool_BehindCounted",
       .operands = {x},
       .attributes = {{"kernel_shape", kThree}, {"pads", kBehind}, {"count_include_pad", kYes}}},
      {.name = "AveragePool_Ceil",
       .operands = {x},
       .attributes = {{"kernel_shape", kTwo}, {"strides", kTwo}, {"ceil_mode", kYes}}},
      {.name = "AveragePool_Same",
       .operands = {{{1, 2, 6, 6}}},
       .attributes = {{"kernel_shape", kThree}, {"strides", kTwo}, {"auto_pad", kSameUpper}}},
      {.name = "AveragePool_Volume", .operands = {{{1, 2, 3, 3, 3}}}, .attributes = {{"kernel_shape", Ints{2, 2, 2}}}},
      {.name = "LpPool",
       .operands = {positive},
       .attributes = {{"kernel_shape", kTwo}, {"p", std::int64_t{3}}},
       .forward_engine = false},
      {.name = "GlobalAveragePool", .operands = {x}},
      {.name = "GlobalMaxPool", .operands = {x}},
      {.name = "GlobalLpPool", .operands = {positive}, .forward_engine = false},
  };
}

}  // namespace

std::vector<OperatorCase> window_cases() {
  std::vector<OperatorCase> cases = convolutions();
  const std::vector<OperatorCase> more = pools();
  cases.insert(cases.end(), more.begin(), more.end());
  return cases;
}

}  // namespace enxerto::testing
