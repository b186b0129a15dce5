#include <ATen/ATen.h>

#include <array>
#include <numeric>

#include "enxerto/engine/torch/operator.h"
#include "enxerto/graph/attributes.h"

namespace enxerto {
namespace {

/// One way to make one number of many, over the axes given (all of them counted from the front, at least one).
using Reduce = at::Tensor (*)(const at::Tensor& x, const Ints& axes, bool keep);

at::Tensor sum(const at::Tensor& x, const Ints& axes, bool keep) {
  // LibTorch sums small whole numbers as int64.
  return at::sum(x, axes, keep,
                 at::isIntegralType(x.scalar_type(), true) ? std::optional(x.scalar_type()) : std::nullopt);
}
at::Tensor mean(const at::Tensor& x, const Ints& axes, bool keep) {
  if (at::isFloatingType(x.scalar_type())) return at::mean(x, axes, keep);
  return at::mean(x, axes, keep, at::kDouble).to(x.scalar_type());
}
at::Tensor maximum(const at::Tensor& x, const Ints& axes, bool keep) { return at::amax(x, axes, keep); }
at::Tensor minimum(const at::Tensor& x, const Ints& axes, bool keep) { return at::amin(x, axes, keep); }
at::Tensor product(const at::Tensor& x, const Ints& axes, bool keep) {
  at::Tensor result = x;
  for (std::size_t i = axes.size(); i-- > 0;) result = at::prod(result, axes[i], keep, x.scalar_type());
  return result;
}
at::Tensor sum_of_magnitudes(const at::Tensor& x, const Ints& axes, bool keep) { return sum(at::abs(x), axes, keep); }
at::Tensor sum_of_squares(const at::Tensor& x, const Ints& axes, bool keep) { return sum(at::square(x), axes, keep); }
at::Tensor length(const at::Tensor& x, const Ints& axes, bool keep) {
  if (at::isFloatingType(x.scalar_type())) return at::linalg_vector_norm(x, 2, axes, keep);
  return at::linalg_vector_norm(x.to(at::kDouble), 2, axes, keep).to(x.scalar_type());
}
at::Tensor log_of_sum(const at::Tensor& x, const Ints& axes, bool keep) { return at::log(sum(x, axes, keep)); }
at::Tensor log_of_sum_of_exponentials(const at::Tensor& x, const Ints& axes, bool keep) {
  return at::logsumexp(x, axes, keep);
}

template <Reduce Function, bool Wide>
Operation reduce(const Site& site) {
  const bool keep = attribute<std::int64_t>(site.node, "keepdims", 1) != 0;
  const bool idle = attribute<std::int64_t>(site.node, "noop_with_empty_axes", 0) != 0;
  return [keep, idle, given = IntsInput(site, 1)](Call& call) {
    const at::Tensor x = Wide ? widened(call.in[0]) : call.in[0];
    Ints axes = given.read(call);
    for (std::int64_t& axis : axes) axis = axis_from_front(axis, x.dim());
    std::sort(axes.begin(), axes.end());
    if (axes.empty() && !idle) {
      axes.resize(static_cast<std::size_t>(x.dim()));
      std::iota(axes.begin(), axes.end(), 0);
    }
    // A number has no axes: each of these functions is then one of the number itself, as over an axis of one.
    const bool is_number = axes.empty();
    call.out[0] = is_number ? Function(x.unsqueeze(0), {0}, false) : Function(x, axes, keep);
  };
}

Operation cumulative_sum(const Site& site) {
  const bool exclusive = attribute<std::int64_t>(site.node, "exclusive", 0) != 0;
  const bool reverse = attribute<std::int64_t>(site.node, "reverse", 0) != 0;
  return [exclusive, reverse, along = IntsInput(site, 1)](Call& call) {
    const at::Tensor x = widened(call.in[0]);
    const std::int64_t axis = along.read(call).at(0);
    const at::Tensor turned = reverse ? x.flip(axis) : x;
    const at::Tensor sums = at::cumsum(turned, axis, x.scalar_type());
    const at::Tensor result = exclusive ? at::sub(sums, turned) : sums;
    call.out[0] = reverse ? result.flip(axis) : result;
  };
}

constexpr std::array kReduceOperators{
    OperatorRow{"ReduceMean", reduce<mean, false>},
    OperatorRow{"ReduceSum", reduce<sum, true>},
    OperatorRow{"ReduceMax", reduce<maximum, false>},
    OperatorRow{"ReduceMin", reduce<minimum, false>},
    OperatorRow{"ReduceProd", reduce<product, true>},
    OperatorRow{"ReduceL1", reduce<sum_of_magnitudes, true>},
    OperatorRow{"ReduceL2", reduce<length, true>},
    OperatorRow{"ReduceSumSquare", reduce<sum_of_squares, true>},
    OperatorRow{"ReduceLogSum", reduce<log_of_sum, true>},
    OperatorRow{"ReduceLogSumExp", reduce<log_of_sum_of_exponentials, true>},
    OperatorRow{"CumSum", cumulative_sum},
};

}  // namespace

std::span<const OperatorRow> reduce_operators() { return kReduceOperators; }

}  // namespace enxerto
