#include <ATen/ATen.h>

#include <algorithm>
#include <array>
#include <limits>

#include "enxerto/engine/torch/operator.h"
#include "enxerto/graph/attributes.h"
#include "enxerto/graph/slice_range.h"

namespace enxerto {
namespace {

at::Tensor sliced(const at::Tensor& x, std::int64_t axis, const SliceRange& range) {
  if (range.count == 0) return x.slice(axis, 0, 0);
  // Steps of two and more need not end on the last element.
  if (range.step > 0) return x.slice(axis, range.begin, range.begin + (range.count - 1) * range.step + 1, range.step);
  const std::int64_t first = range.begin + (range.count - 1) * range.step;
  return x.slice(axis, first, range.begin + 1, -range.step).flip(axis);
}

Operation slice(const Site& site) {
  return [starts = IntsInput(site, 1), ends = IntsInput(site, 2), axes = IntsInput(site, 3),
          steps = IntsInput(site, 4)](Call& call) {
    const Ints from = starts.read(call), to = ends.read(call), along = axes.read(call), by = steps.read(call);
    at::Tensor result = call.in[0];
    for (std::size_t i = 0; i < from.size(); ++i) {
      const std::int64_t axis =
          axes.given() ? axis_from_front(along.at(i), result.dim()) : static_cast<std::int64_t>(i);
      const std::int64_t step = steps.given() ? by.at(i) : 1;
      TORCH_CHECK(step != 0 && step > std::numeric_limits<std::int64_t>::min(), "a step of ", step);
      result = sliced(result, axis, slice_range({.start = from[i], .end = to.at(i), .step = step}, result.size(axis)));
    }
    call.out[0] = result;
  };
}

/// Counted from the front, where the data lies.
at::Tensor places(const at::Tensor& indices, std::int64_t size, const at::Tensor& data) {
  const at::Tensor whole = indices.to(data.device(), at::kLong);
  return at::where(at::lt(whole, 0), at::add(whole, size), whole);
}

Operation gather(const Site& site) {
  return [axis = attribute<std::int64_t>(site.node, "axis", 0)](Call& call) {
    const at::Tensor& x = call.in[0];
    const std::int64_t along = axis_from_front(axis, x.dim());
    const at::Tensor from = places(call.in[1], x.size(along), x);
    Ints shape = x.sizes().vec();
    const auto place = shape.erase(shape.begin() + along);
    shape.insert(place, from.sizes().begin(), from.sizes().end());
    call.out[0] = at::index_select(x, along, from.reshape({-1})).reshape(shape);
  };
}

Operation gather_elements(const Site& site) {
  return [axis = attribute<std::int64_t>(site.node, "axis", 0)](Call& call) {
    const at::Tensor& x = call.in[0];
    call.out[0] = at::gather(x, axis, places(call.in[1], x.size(axis), x));
  };
}

/// Numbers 0, 1, .. along `axis` of something of `rank` dimensions.
at::Tensor counting(std::int64_t size, std::int64_t axis, std::int64_t rank, const at::Tensor& like) {
  Ints shape(static_cast<std::size_t>(rank), 1);
  shape.at(static_cast<std::size_t>(axis)) = size;
  return at::arange(size, like.options().dtype(at::kLong).requires_grad(false)).reshape(shape);
}

Operation gather_nd(const Site& site) {
  return [batch = attribute<std::int64_t>(site.node, "batch_dims", 0)](Call& call) {
    const at::Tensor &x = call.in[0], &indices = call.in[1];
    const std::int64_t rank = indices.dim() - 1;
    c10::List<std::optional<at::Tensor>> at_places;
    for (std::int64_t axis = 0; axis < batch; ++axis) at_places.push_back(counting(x.size(axis), axis, rank, x));
    for (std::int64_t i = 0; i < indices.size(-1); ++i)
      at_places.push_back(places(indices.select(-1, i), x.size(batch + i), x));
    call.out[0] = at::index(x, at_places);
  };
}

/// Other numbers than 0 to depth - 1, counted from the end where negative, are off everywhere.
Operation one_hot(const Site& site) {
  return [axis = attribute<std::int64_t>(site.node, "axis", -1)](Call& call) {
    const at::Tensor &indices = call.in[0], &values = call.in[2];
    const auto depth = call.in[1].reshape({}).item().toLong();
    const std::int64_t rank = indices.dim() + 1, along = axis_from_front(axis, rank);
    const at::Tensor on = at::eq(places(indices, depth, values).unsqueeze(along), counting(depth, along, rank, values));
    call.out[0] = at::where(on, values.select(0, 1), values.select(0, 0));
  };
}

/// Of equal numbers the one that stands first.
Operation top_k(const Site& site) {
  const auto axis = attribute<std::int64_t>(site.node, "axis", -1);
  const bool largest = attribute<std::int64_t>(site.node, "largest", 1) != 0;
  return [axis, largest, count = IntsInput(site, 1)](Call& call) {
    const auto [values, from] = at::sort(call.in[0], std::optional<bool>(true), axis, largest);
    const std::int64_t k = count.read(call).at(0);
    call.out[0] = values.narrow(axis, 0, k);
    if (call.out.size() > 1) call.out[1] = from.narrow(axis, 0, k);
  };
}

/// The first of equal numbers, or the last.
template <at::Tensor (*Function)(const at::Tensor&, std::optional<std::int64_t>, bool)>
Operation extreme_place(const Site& site) {
  const auto axis = attribute<std::int64_t>(site.node, "axis", 0);
  const bool keep = attribute<std::int64_t>(site.node, "keepdims", 1) != 0;
  const bool last = attribute<std::int64_t>(site.node, "select_last_index", 0) != 0;
  return [=](Call& call) {
    const at::Tensor& x = call.in[0];
    const at::Tensor place = Function(last ? x.flip(axis) : x, axis, keep);
    call.out[0] = last ? at::sub(at::full({}, x.size(axis) - 1, place.options()), place) : place;
  };
}

constexpr std::array kIndexOperators{
    OperatorRow{"Slice", slice},
    OperatorRow{"Gather", gather},
    OperatorRow{"GatherElements", gather_elements},
    OperatorRow{"GatherND", gather_nd},
    OperatorRow{"OneHot", one_hot},
    OperatorRow{"TopK", top_k},
    OperatorRow{"ArgMax", extreme_place<at::argmax>},
    OperatorRow{"ArgMin", extreme_place<at::argmin>},
};

}  // namespace

std::span<const OperatorRow> index_operators() { return kIndexOperators; }

}  // namespace enxerto
