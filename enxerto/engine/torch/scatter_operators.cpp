#include <ATen/ATen.h>

#include <array>
#include <utility>

#include "enxerto/engine/torch/operator.h"
#include "enxerto/graph/attributes.h"

namespace enxerto {
namespace {

/// LibTorch's name of ONNX's way to join what meets in one place; "" for the last one wins.
std::string reduction_of(const Site& site) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kWays{
      {{"none", ""}, {"add", "sum"}, {"mul", "prod"}, {"min", "amin"}, {"max", "amax"}}};
  const auto wanted = attribute<std::string>(site.node, "reduction", "none");
  for (const auto& [theirs, ours] : kWays)
    if (theirs == wanted) return std::string(ours);
  refuse_node(site.node, "reduction '" + wanted + "'", "none, add, mul, min or max");
}

struct Scattered {
  std::int64_t axis = 0;
  std::string reduction;
};

at::Tensor scatter(const at::Tensor& x, const at::Tensor& places, const at::Tensor& updates, const Scattered& how) {
  const at::Tensor whole = places.to(x.device(), at::kLong);
  const at::Tensor from_front = at::where(at::lt(whole, 0), at::add(whole, x.size(how.axis)), whole);
  if (how.reduction.empty()) return at::scatter(x, how.axis, from_front, updates);
  return at::scatter_reduce(x, how.axis, from_front, updates, how.reduction, true);
}

Operation scatter_elements(const Site& site) {
  return [how = Scattered{attribute<std::int64_t>(site.node, "axis", 0), reduction_of(site)}](Call& call) {
    call.out[0] = scatter(call.in[0], call.in[1], call.in[2], how);
  };
}

/// Rows of what lies behind the indexed dimensions, which are counted as one.
Operation scatter_nd(const Site& site) {
  return [how = Scattered{0, reduction_of(site)}](Call& call) {
    const at::Tensor &x = call.in[0], indices = call.in[1].to(x.device(), at::kLong);
    const std::int64_t depth = indices.size(-1);
    at::Tensor row = at::zeros({}, indices.options());
    std::int64_t rows = 1;
    for (std::int64_t i = 0; i < depth; ++i) {
      const at::Tensor part = indices.select(-1, i);
      row = at::add(at::mul(row, x.size(i)), at::where(at::lt(part, 0), at::add(part, x.size(i)), part));
      rows *= x.size(i);
    }
    const std::int64_t width = rows == 0 ? 0 : x.numel() / rows;
    const at::Tensor places = row.reshape({-1, 1}).expand({-1, width});
    const at::Tensor updates = call.in[2].reshape({places.size(0), width});
    call.out[0] = scatter(x.reshape({rows, width}), places, updates, how).reshape(x.sizes());
  };
}

constexpr std::array kScatterOperators{
    OperatorRow{"ScatterElements", scatter_elements},
    OperatorRow{"ScatterND", scatter_nd},
};

}  // namespace

std::span<const OperatorRow> scatter_operators() { return kScatterOperators; }

}  // namespace enxerto
