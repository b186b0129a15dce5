#include <ATen/ATen.h>

#include <array>

#include "enxerto/engine/torch/operator.h"
#include "enxerto/engine/torch/tensors.h"
#include "enxerto/graph/attributes.h"
#include "enxerto/graph/infer_rules.h"

namespace enxerto {
namespace {

at::Tensor choose(const at::Tensor& condition, const at::Tensor& a, const at::Tensor& b) {
  return at::where(condition, a, b);
}

Operation where(const Site& /*site*/) {
  return [](Call& call) { call.out[0] = choose(call.in[0], call.in[1], call.in[2]); };
}

Operation cast(const Site& site) {
  const std::optional<DType> dtype = cast_type(site.node);
  if (!dtype) refuse_node(site.node, "a cast to an unsupported type", "a type of 8 bits or more, no string");
  return [type = to_torch(*dtype)](Call& call) { call.out[0] = call.in[0].to(type); };
}

at::Tensor cast_like(const at::Tensor& x, const at::Tensor& like) { return x.to(like.scalar_type()); }

Operation is_infinite(const Site& site) {
  const bool positive = attribute<std::int64_t>(site.node, "detect_positive", 1) != 0;
  const bool negative = attribute<std::int64_t>(site.node, "detect_negative", 1) != 0;
  return [=](Call& call) {
    const at::Tensor& x = call.in[0];
    const at::Tensor above = positive ? at::isposinf(x) : at::zeros_like(x, at::kBool);
    call.out[0] = negative ? at::logical_or(above, at::isneginf(x)) : above;
  };
}

constexpr std::array kLogicOperators{
    OperatorRow{"And", binary<at::logical_and>},
    OperatorRow{"Or", binary<at::logical_or>},
    OperatorRow{"Xor", binary<at::logical_xor>},
    OperatorRow{"Not", unary<at::logical_not>},
    OperatorRow{"Equal", binary<at::eq>},
    OperatorRow{"Greater", binary<at::gt>},
    OperatorRow{"GreaterOrEqual", binary<at::ge>},
    OperatorRow{"Less", binary<at::lt>},
    OperatorRow{"LessOrEqual", binary<at::le>},
    OperatorRow{"Where", where},
    OperatorRow{"Cast", cast},
    OperatorRow{"CastLike", binary<cast_like>},
    OperatorRow{"IsInf", is_infinite},
    OperatorRow{"IsNaN", unary<at::isnan>},
};

}  // namespace

std::span<const OperatorRow> logic_operators() { return kLogicOperators; }

}  // namespace enxerto
