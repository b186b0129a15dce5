#include <ATen/ATen.h>

#include <array>
#include <cmath>
#include <optional>

#include "enxerto/engine/torch/operator.h"
#include "enxerto/graph/attributes.h"

namespace enxerto {
namespace {

double number(const Site& site, std::string_view name, float fallback) {
  return static_cast<double>(attribute<float>(site.node, name, fallback));
}

Operation relu(const Site& site) {
  if (site.overwrites(0)) return [](Call& call) { call.out[0] = at::relu_(call.in[0]); };
  return [](Call& call) { call.out[0] = at::relu(call.in[0]); };
}

Operation leaky_relu(const Site& site) {
  return [alpha = number(site, "alpha", 0.01F)](Call& call) { call.out[0] = at::leaky_relu(call.in[0], alpha); };
}

Operation elu(const Site& site) {
  return [alpha = number(site, "alpha", 1)](Call& call) { call.out[0] = at::elu(call.in[0], alpha); };
}

Operation celu(const Site& site) {
  return [alpha = number(site, "alpha", 1)](Call& call) { call.out[0] = at::celu(call.in[0], alpha); };
}

Operation selu(const Site& site) {
  const double alpha = number(site, "alpha", 1.67326319217681884765625F);
  const double gamma = number(site, "gamma", 1.05070102214813232421875F);
  return [=](Call& call) { call.out[0] = at::elu(call.in[0], alpha, gamma); };
}

Operation prelu(const Site& /*site*/) {
  return [](Call& call) {
    const at::Tensor& x = call.in[0];
    call.out[0] = at::where(at::gt(x, 0), x, at::mul(x, call.in[1]));
  };
}

Operation hard_sigmoid(const Site& site) {
  const double alpha = number(site, "alpha", 0.2F);
  const double beta = number(site, "beta", 0.5F);
  if (std::abs(alpha - 1.0 / 6) < 1e-7 && beta == 0.5)
    return [](Call& call) { call.out[0] = at::hardsigmoid(call.in[0]); };
  return [=](Call& call) { call.out[0] = at::hardtanh(at::add(at::mul(call.in[0], alpha), beta), 0, 1); };
}

Operation thresholded_relu(const Site& site) {
  return [alpha = number(site, "alpha", 1)](Call& call) { call.out[0] = at::threshold(call.in[0], alpha, 0); };
}

Operation shrink(const Site& site) {
  const double bias = number(site, "bias", 0);
  const double lambda = number(site, "lambd", 0.5F);
  return [=](Call& call) {
    const at::Tensor& x = call.in[0];
    const at::Tensor zero = at::zeros({}, x.options());
    const at::Tensor upper = at::where(at::gt(x, lambda), at::sub(x, bias), zero);
    call.out[0] = at::where(at::lt(x, -lambda), at::add(x, bias), upper).to(x.scalar_type());
  };
}

Operation gelu(const Site& site) {
  return [way = attribute<std::string>(site.node, "approximate", "none")](Call& call) {
    call.out[0] = at::gelu(call.in[0], way);
  };
}

/// The bound where it never changes, in the width of its type.
std::optional<double> bound_of(const Site& site, std::size_t slot) {
  const Tensor* const constant = site.constant(slot);
  if (constant == nullptr || constant->size() != 1) return std::nullopt;
  if (constant->dtype() == DType::f64) return constant->as<double>()[0];
  if (constant->dtype() == DType::f32) return static_cast<double>(constant->as<float>()[0]);
  return std::nullopt;
}

Operation clip(const Site& site) {
  const std::optional<double> low = bound_of(site, 1);
  const std::optional<double> high = bound_of(site, 2);
  // PyTorch's ReLU6: without a gradient on the bounds themselves.
  if (low && high && *low <= *high && site.overwrites(0))
    return [=](Call& call) { call.out[0] = at::hardtanh_(call.in[0], *low, *high); };
  if (low && high && *low <= *high) return [=](Call& call) { call.out[0] = at::hardtanh(call.in[0], *low, *high); };
  return [](Call& call) {
    const auto given = [&](std::size_t slot) {
      const bool is_there = slot < call.in.size() && call.in[slot].defined();
      return is_there ? std::optional<at::Tensor>(call.in[slot]) : std::nullopt;
    };
    const std::optional<at::Tensor> least = given(1), most = given(2);
    call.out[0] = least || most ? at::clamp(call.in[0], least, most) : call.in[0];
  };
}

Operation softmax(const Site& site) {
  return [axis = attribute<std::int64_t>(site.node, "axis", -1)](Call& call) {
    call.out[0] = at::softmax(call.in[0], axis);
  };
}

Operation log_softmax(const Site& site) {
  return [axis = attribute<std::int64_t>(site.node, "axis", -1)](Call& call) {
    call.out[0] = at::log_softmax(widened(call.in[0]), axis);
  };
}

Operation hardmax(const Site& site) {
  return [axis = attribute<std::int64_t>(site.node, "axis", -1)](Call& call) {
    const at::Tensor place = at::argmax(call.in[0], axis, true);
    call.out[0] = at::zeros_like(call.in[0]).scatter_(axis, place, 1);
  };
}

constexpr std::array kActivationOperators{
    OperatorRow{"Relu", relu},
    OperatorRow{"Clip", clip},
    OperatorRow{"LeakyRelu", leaky_relu},
    OperatorRow{"PRelu", prelu},
    OperatorRow{"Elu", elu},
    OperatorRow{"Celu", celu},
    OperatorRow{"Selu", selu},
    OperatorRow{"Gelu", gelu},
    OperatorRow{"HardSigmoid", hard_sigmoid},
    OperatorRow{"ThresholdedRelu", thresholded_relu},
    OperatorRow{"Shrink", shrink},
    OperatorRow{"Softmax", softmax},
    OperatorRow{"LogSoftmax", log_softmax},
    OperatorRow{"Hardmax", hardmax},
};

}  // namespace

std::span<const OperatorRow> activation_operators() { return kActivationOperators; }

}  // namespace enxerto
