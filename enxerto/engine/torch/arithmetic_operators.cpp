#include <ATen/ATen.h>

#include <array>

#include "enxerto/engine/torch/operator.h"
#include "enxerto/graph/attributes.h"

namespace enxerto {
namespace {

bool fits_into(const at::Tensor& target, const at::Tensor& other) {
  return target.sizes() == other.sizes() && target.scalar_type() == other.scalar_type();
}

/// In place where that is allowed: the sum of a residual block is as large as any map of a network.
Operation add(const Site& site) {
  return [first = site.overwrites(0), second = site.overwrites(1)](Call& call) {
    if (first && fits_into(call.in[0], call.in[1]))
      call.out[0] = call.in[0].add_(call.in[1]);
    else if (second && fits_into(call.in[1], call.in[0]))
      call.out[0] = call.in[1].add_(call.in[0]);
    else
      call.out[0] = at::add(call.in[0], call.in[1]);
  };
}

at::Tensor difference(const at::Tensor& a, const at::Tensor& b) { return at::sub(a, b); }

/// Whole numbers are divided towards zero.
at::Tensor quotient(const at::Tensor& a, const at::Tensor& b) {
  return at::isIntegralType(a.scalar_type(), true) ? at::div(a, b, "trunc") : at::div(a, b);
}

at::Tensor power(const at::Tensor& base, const at::Tensor& exponent) {
  const at::Tensor wide = widened(base);
  const bool is_number = exponent.numel() == 1 && exponent.dim() <= base.dim() && !exponent.requires_grad();
  const at::Tensor result = is_number ? at::pow(wide, exponent.item()) : at::pow(wide, exponent);
  return result.to(wide.scalar_type());
}

Operation modulo(const Site& site) {
  if (attribute<std::int64_t>(site.node, "fmod", 0) != 0)
    return [](Call& call) { call.out[0] = at::fmod(call.in[0], call.in[1]); };
  return [](Call& call) { call.out[0] = at::remainder(call.in[0], call.in[1]); };
}

/// Any number of inputs, taken together from the left.
template <at::Tensor (*Function)(const at::Tensor&, const at::Tensor&)>
at::Tensor folded(std::span<const at::Tensor> inputs) {
  at::Tensor result = inputs[0];
  for (const at::Tensor& next : inputs.subspan(1)) result = Function(result, next);
  return result;
}

at::Tensor sum_of(const at::Tensor& a, const at::Tensor& b) { return at::add(a, b); }

template <at::Tensor (*Function)(const at::Tensor&, const at::Tensor&)>
Operation variadic(const Site& /*site*/) {
  return [](Call& call) { call.out[0] = folded<Function>(call.in); };
}

Operation mean(const Site& /*site*/) {
  return [](Call& call) { call.out[0] = at::div(folded<sum_of>(call.in), static_cast<double>(call.in.size())); };
}

constexpr std::array kArithmeticOperators{
    OperatorRow{"Add", add},
    OperatorRow{"Sub", binary<difference>},
    OperatorRow{"Mul", binary<at::mul>},
    OperatorRow{"Div", binary<quotient>},
    OperatorRow{"Pow", binary<power>},
    OperatorRow{"Mod", modulo},
    OperatorRow{"Sum", variadic<sum_of>},
    OperatorRow{"Mean", mean},
    OperatorRow{"Max", variadic<at::maximum>},
    OperatorRow{"Min", variadic<at::minimum>},
    OperatorRow{"BitwiseAnd", binary<at::bitwise_and>},
    OperatorRow{"BitwiseOr", binary<at::bitwise_or>},
    OperatorRow{"BitwiseXor", binary<at::bitwise_xor>},
};

}  // namespace

std::span<const OperatorRow> arithmetic_operators() { return kArithmeticOperators; }

}  // namespace enxerto
