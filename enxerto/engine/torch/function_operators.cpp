#include <ATen/ATen.h>

#include <array>

#include "enxerto/engine/torch/operator.h"

namespace enxerto {
namespace {

at::Tensor itself(const at::Tensor& x) { return x; }
at::Tensor exponential(const at::Tensor& x) { return at::exp(widened(x)); }
at::Tensor logarithm(const at::Tensor& x) { return at::log(widened(x)); }
at::Tensor softsign(const at::Tensor& x) { return at::div(x, at::add(at::abs(x), 1)); }

/// log(1 + exp(x)); from 40 on it is x to the last bit of a double.
at::Tensor softplus(const at::Tensor& x) { return at::softplus(widened(x), 1, 40); }

constexpr std::array kFunctionOperators{
    OperatorRow{"Identity", unary<itself>},
    OperatorRow{"Abs", unary<at::abs>},
    OperatorRow{"Acos", unary<at::acos>},
    OperatorRow{"Acosh", unary<at::acosh>},
    OperatorRow{"Asin", unary<at::asin>},
    OperatorRow{"Asinh", unary<at::asinh>},
    OperatorRow{"Atan", unary<at::atan>},
    OperatorRow{"Atanh", unary<at::atanh>},
    OperatorRow{"BitwiseNot", unary<at::bitwise_not>},
    OperatorRow{"Ceil", unary<at::ceil>},
    OperatorRow{"Cos", unary<at::cos>},
    OperatorRow{"Cosh", unary<at::cosh>},
    OperatorRow{"Erf", unary<at::erf>},
    OperatorRow{"Exp", unary<exponential>},
    OperatorRow{"Floor", unary<at::floor>},
    OperatorRow{"Log", unary<logarithm>},
    OperatorRow{"Mish", unary<at::mish>},
    OperatorRow{"Neg", unary<at::neg>},
    OperatorRow{"Reciprocal", unary<at::reciprocal>},
    OperatorRow{"Round", unary<at::round>},
    OperatorRow{"Sigmoid", unary<at::sigmoid>},
    OperatorRow{"Sign", unary<at::sign>},
    OperatorRow{"Sin", unary<at::sin>},
    OperatorRow{"Sinh", unary<at::sinh>},
    OperatorRow{"Softplus", unary<softplus>},
    OperatorRow{"Softsign", unary<softsign>},
    OperatorRow{"Sqrt", unary<at::sqrt>},
    OperatorRow{"Tan", unary<at::tan>},
    OperatorRow{"Tanh", unary<at::tanh>},
    OperatorRow{"HardSwish", unary<at::hardswish>},
};

}  // namespace

std::span<const OperatorRow> function_operators() { return kFunctionOperators; }

}  // namespace enxerto
