#include "tests/engine/torch/operator_rows.h"

namespace enxerto::testing {
namespace {

constexpr double kInner = 0.9;

std::vector<OperatorCase> functions() {
  struct Row {
    const char* name;
    double low = -2, high = 2;
  };
  std::vector<OperatorCase> cases;
  for (const Row& row : {Row{"Identity"},
                         {"Abs"},
                         {"Acos", -kInner, kInner},
                         {"Acosh", 1.2, 3},
                         {"Asin", -kInner, kInner},
                         {"Asinh"},
                         {"Atan"},
                         {"Atanh", -kInner, kInner},
                         {"Cos"},
                         {"Cosh"},
                         {"Erf"},
                         {"Exp"},
                         {"Log", 0.3, 2},
                         {"Mish"},
                         {"Neg"},
                         {"Reciprocal", 0.5, 2},
                         {"Sigmoid"},
                         {"Sin"},
                         {"Sinh"},
                         {"Softplus"},
                         {"Softplus_FarOut", -60, 60},
                         {"Softsign"},
                         {"Sqrt", 0.3, 2},
                         {"Tan", -1, 1},
                         {"Tanh"},
                         {"HardSwish", -4, 4},
                         {"Relu"},
                         {"LeakyRelu"},
                         {"Elu"},
                         {"Celu"},
                         {"Selu"},
                         {"Gelu"},
                         {"HardSigmoid", -4, 4},
                         {"ThresholdedRelu"},
                         {"Shrink"},
                         {"Softmax"},
                         {"LogSoftmax"},
                         {"Dropout"}})
    cases.push_back({.name = row.name, .operands = {{{2, 7}, row.low, row.high}}});
  // Nothing to compute, which the forward engine does not run.
  for (OperatorCase& row : cases)
    if (row.op() == "Identity" || row.op() == "Dropout") row.forward_engine = false;
  return cases;
}

}  // namespace

std::vector<OperatorCase> elementwise_cases() {
  const std::vector<Operand> broadcast{{{2, 3, 1}}, {{3, 4}, 0.5, 2}};
  const Operand map{{2, 3, 2, 2}, -2, 2};
  std::vector<OperatorCase> cases = functions();
  const std::vector<OperatorCase> more{
      {.name = "LeakyRelu_Alpha", .operands = {map}, .attributes = {{"alpha", 0.3F}}},
      {.name = "Elu_Alpha", .operands = {map}, .attributes = {{"alpha", 0.7F}}},
      {.name = "Celu_Alpha", .operands = {map}, .attributes = {{"alpha", 1.3F}}},
      {.name = "Gelu_Tanh", .operands = {map}, .attributes = {{"approximate", std::string("tanh")}}},
      {.name = "HardSigmoid_Sixth", .operands = {{{2, 9}, -5, 5}}, .attributes = {{"alpha", 1.0F / 6}, {"beta", 0.5F}}},
      {.name = "ThresholdedRelu_Alpha", .operands = {map}, .attributes = {{"alpha", 0.4F}}},
      {.name = "Shrink_Soft", .operands = {map}, .attributes = {{"lambd", 0.3F}, {"bias", 0.2F}}},
      {.name = "Softmax_Axis", .operands = {map}, .attributes = {{"axis", std::int64_t{1}}}},
      {.name = "LogSoftmax_Axis", .operands = {map}, .attributes = {{"axis", std::int64_t{1}}}},
      {.name = "PRelu", .operands = {map, {{3, 1, 1}, 0.1, 0.9}}},
      {.name = "Clip_Both", .operands = {map}, .constants = {{1, Tensor::scalar(-0.7)}, {2, Tensor::scalar(1.1)}}},
      {.name = "Clip_Least", .operands = {map}, .constants = {{1, Tensor::scalar(-0.7)}}},
      {.name = "Clip_Most", .operands = {map}, .constants = {{2, Tensor::scalar(0.7)}}},
      {.name = "Add", .operands = broadcast},
      {.name = "Sub", .operands = broadcast},
      {.name = "Mul", .operands = broadcast},
      {.name = "Div", .operands = broadcast},
      {.name = "Pow", .operands = {{{2, 3, 1}, 0.3, 2}, {{3, 4}, -1, 2}}},
      {.name = "Pow_Square", .operands = {map}, .constants = {{1, Tensor::scalar(2.0)}}},
      {.name = "Mod", .operands = {{{2, 5}, 1, 9}, {{5}, 1.7, 3.1}}, .attributes = {{"fmod", std::int64_t{1}}}},
      {.name = "Max", .operands = {{{2, 3, 1}}, {{3, 4}}, {{4}}}},
      {.name = "Min", .operands = {{{2, 3, 1}}, {{3, 4}}, {{4}}}},
      {.name = "Sum", .operands = {{{2, 3, 1}}, {{3, 4}}, {{4}}}},
      {.name = "Mean", .operands = {{{2, 3, 1}}, {{3, 4}}, {{4}}}},
      {.name = "Where",
       .operands = {{{2, 3}}, {{3}}},
       .constants = {{0, Tensor::of<bool>({2, 3}, {true, false, true, false, false, true})}}},
      {.name = "CastLike", .operands = {map}, .constants = {{1, Tensor::scalar(0.0)}}},
  };
  cases.insert(cases.end(), more.begin(), more.end());
  return cases;
}

}  // namespace enxerto::testing
