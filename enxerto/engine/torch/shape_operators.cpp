#include <ATen/ATen.h>
#include <ATen/ExpandUtils.h>

#include <algorithm>
#include <array>

#include "enxerto/engine/torch/operator.h"
#include "enxerto/engine/torch/tensors.h"
#include "enxerto/graph/attributes.h"

namespace enxerto {
namespace {

at::Tensor tensor_of(const Ints& numbers) { return at::tensor(numbers, at::kLong); }

Operation shape(const Site& site) {
  const auto start = attribute<std::int64_t>(site.node, "start", 0);
  const auto* const end = find_attribute<std::int64_t>(site.node, "end");
  return [start, end = end == nullptr ? INT64_MAX : *end](Call& call) {
    const Ints sizes = call.in[0].sizes().vec();
    const std::int64_t rank = call.in[0].dim();
    const auto placed = [rank](std::int64_t bound) {
      return std::clamp<std::int64_t>(bound < 0 ? bound + rank : bound, 0, rank);
    };
    const std::int64_t first = placed(start), last = std::max(first, placed(end));
    call.out[0] = tensor_of({sizes.begin() + first, sizes.begin() + last});
  };
}

at::Tensor size(const at::Tensor& x) { return at::full({}, x.numel(), at::kLong); }

Operation squeeze(const Site& site) {
  return [axes = IntsInput(site, 1)](Call& call) {
    call.out[0] = axes.given() ? at::squeeze(call.in[0], axes.read(call)) : at::squeeze(call.in[0]);
  };
}

Operation unsqueeze(const Site& site) {
  return [axes = IntsInput(site, 1)](Call& call) {
    Ints wanted = axes.read(call);
    const std::int64_t rank = call.in[0].dim() + static_cast<std::int64_t>(wanted.size());
    for (std::int64_t& axis : wanted) axis = axis_from_front(axis, rank);
    std::sort(wanted.begin(), wanted.end());
    call.out[0] = call.in[0];
    for (const std::int64_t axis : wanted) call.out[0] = call.out[0].unsqueeze(axis);
  };
}

Operation expand(const Site& site) {
  return [shape = IntsInput(site, 1)](Call& call) {
    call.out[0] = call.in[0].expand(at::infer_size(call.in[0].sizes(), shape.read(call)));
  };
}

Operation tile(const Site& site) {
  return [repeats = IntsInput(site, 1)](Call& call) { call.out[0] = call.in[0].repeat(repeats.read(call)); };
}

Operation constant_of_shape(const Site& site) {
  const Tensor* const value = find_attribute<Tensor>(site.node, "value");
  const at::Tensor element = value == nullptr ? at::zeros({1}, at::kFloat) : view_of(*value);
  return [element, shape = IntsInput(site, 0)](Call& call) {
    call.out[0] = element.reshape({}).expand(shape.read(call)).clone();
  };
}

Operation range(const Site& /*site*/) {
  return [](Call& call) {
    const auto bound = [&](std::size_t slot) { return call.in[slot].reshape({}).item(); };
    call.out[0] = at::arange(bound(0), bound(1), bound(2), call.in[0].options().requires_grad(false));
  };
}

Operation trilu(const Site& site) {
  const bool upper = attribute<std::int64_t>(site.node, "upper", 1) != 0;
  return [upper, diagonal = IntsInput(site, 1)](Call& call) {
    const std::int64_t k = diagonal.given() ? diagonal.read(call).at(0) : 0;
    call.out[0] = upper ? at::triu(call.in[0], k) : at::tril(call.in[0], k);
  };
}

constexpr std::array kShapeOperators{
    OperatorRow{"Shape", shape},
    OperatorRow{"Size", unary<size>},
    OperatorRow{"Squeeze", squeeze},
    OperatorRow{"Unsqueeze", unsqueeze},
    OperatorRow{"Expand", expand},
    OperatorRow{"Tile", tile},
    OperatorRow{"ConstantOfShape", constant_of_shape},
    OperatorRow{"Range", range},
    OperatorRow{"Trilu", trilu},
};

}  // namespace

std::span<const OperatorRow> shape_operators() { return kShapeOperators; }

}  // namespace enxerto
