#include <ATen/ATen.h>

#include <array>
#include <numeric>

#include "enxerto/engine/torch/operator.h"
#include "enxerto/graph/attributes.h"

namespace enxerto {
namespace {

Operation flatten(const Site& site) {
  return [axis = attribute<std::int64_t>(site.node, "axis", 1)](Call& call) {
    const at::Tensor& x = call.in[0];
    const std::int64_t split = axis < 0 ? axis + x.dim() : axis;
    TORCH_CHECK(split >= 0 && split <= x.dim(), "axis ", axis, " of ", x.dim(), " dimensions");
    const at::IntArrayRef before = x.sizes().slice(0, static_cast<std::size_t>(split));
    const std::int64_t rows = std::accumulate(before.begin(), before.end(), std::int64_t{1}, std::multiplies<>());
    call.out[0] = x.reshape({rows, rows == 0 ? 0 : x.numel() / rows});
  };
}

Operation reshape(const Site& site) {
  const bool allow_zero = attribute<std::int64_t>(site.node, "allowzero", 0) != 0;
  return [shape = IntsInput(site, 1), allow_zero](Call& call) {
    const at::Tensor& x = call.in[0];
    Ints sizes = shape.read(call);
    for (std::size_t i = 0; i < sizes.size() && !allow_zero; ++i)
      if (sizes[i] == 0) sizes[i] = x.size(static_cast<std::int64_t>(i));
    call.out[0] = x.reshape(sizes);
  };
}

Operation transpose(const Site& site) {
  return [order = attribute<Ints>(site.node, "perm", {})](Call& call) {
    Ints axes = order;
    if (axes.empty()) {
      axes.resize(static_cast<std::size_t>(call.in[0].dim()));
      std::iota(axes.rbegin(), axes.rend(), 0);
    }
    call.out[0] = call.in[0].permute(axes);
  };
}

Operation concat(const Site& site) {
  return [axis = required_attribute<std::int64_t>(site.node, "axis")](Call& call) {
    call.out[0] = at::cat(at::TensorList(call.in.data(), call.in.size()), axis);
  };
}

Operation split(const Site& site) {
  const auto axis = attribute<std::int64_t>(site.node, "axis", 0);
  return [axis, given = IntsInput(site, 1), count = static_cast<std::int64_t>(site.node.outputs.size())](Call& call) {
    const at::Tensor& x = call.in[0];
    Ints sizes = given.read(call);
    if (!given.given()) {
      const std::int64_t whole = x.size(axis), part = (whole + count - 1) / count;
      sizes.assign(static_cast<std::size_t>(count), part);
      sizes.back() = whole - part * (count - 1);
    }
    TORCH_CHECK(sizes.size() == call.out.size(), sizes.size(), " sizes for ", call.out.size(), " outputs");
    const std::vector<at::Tensor> parts = at::split_with_sizes(x, sizes, axis);
    std::copy(parts.begin(), parts.end(), call.out.begin());
  };
}

/// Where each element along an axis comes from: `before` elements are added in front, `behind` at the end.
at::Tensor sources(const std::string& mode, std::int64_t size, std::int64_t before, std::int64_t behind) {
  const at::Tensor places = at::arange(-before, size + behind, at::kLong);
  if (mode == "edge") return at::clamp(places, 0, size - 1);
  if (mode == "wrap") return at::remainder(places, size);
  const std::int64_t period = std::max<std::int64_t>(1, 2 * (size - 1));
  const at::Tensor turned = at::remainder(places, period);
  return at::minimum(turned, at::sub(at::full({}, period, at::kLong), turned));
}

struct Frame {
  Ints before, behind;  // one number an axis
};

Frame frame_of(const Ints& pads, const Ints& axes, std::int64_t rank) {
  Frame frame{Ints(static_cast<std::size_t>(rank), 0), Ints(static_cast<std::size_t>(rank), 0)};
  const std::size_t count = pads.size() / 2;
  for (std::size_t i = 0; i < count; ++i) {
    const std::int64_t axis = axes.empty() ? static_cast<std::int64_t>(i) : axis_from_front(axes.at(i), rank);
    frame.before.at(static_cast<std::size_t>(axis)) = pads[i];
    frame.behind.at(static_cast<std::size_t>(axis)) = pads[i + count];
  }
  return frame;
}

at::Tensor framed(const at::Tensor& x, const Frame& frame, const std::string& mode, const at::Tensor& value) {
  if (mode == "constant") {
    Ints pads;
    for (std::size_t axis = frame.before.size(); axis-- > 0;) {
      pads.push_back(frame.before[axis]);
      pads.push_back(frame.behind[axis]);
    }
    return at::constant_pad_nd(x, pads, value.defined() ? value.item() : at::Scalar(0));
  }
  at::Tensor result = x;
  for (std::size_t axis = 0; axis < frame.before.size(); ++axis) {
    if (frame.before[axis] == 0 && frame.behind[axis] == 0) continue;
    const auto place = static_cast<std::int64_t>(axis);
    const at::Tensor from = sources(mode, result.size(place), frame.before[axis], frame.behind[axis]);
    result = at::index_select(result, place, from.to(x.device()));
  }
  return result;
}

Operation pad(const Site& site) {
  const auto mode = attribute<std::string>(site.node, "mode", "constant");
  if (mode != "constant" && mode != "edge" && mode != "reflect" && mode != "wrap")
    refuse_node(site.node, "mode '" + mode + "'", "constant, edge, reflect or wrap");
  return [mode, pads = IntsInput(site, 1), axes = IntsInput(site, 3)](Call& call) {
    const at::Tensor value = call.in.size() > 2 ? call.in[2] : at::Tensor();
    call.out[0] = framed(call.in[0], frame_of(pads.read(call), axes.read(call), call.in[0].dim()), mode, value);
  };
}

/// Channels in blocks of `block` x `block` to places, or back.
Operation depth_to_space(const Site& site) {
  const auto block = required_attribute<std::int64_t>(site.node, "blocksize");
  const bool column_first = attribute<std::string>(site.node, "mode", "DCR") == "CRD";
  return [=](Call& call) {
    const at::Tensor& x = call.in[0];
    const std::int64_t n = x.size(0), c = x.size(1) / (block * block), h = x.size(2), w = x.size(3);
    const at::Tensor parts = column_first ? x.reshape({n, c, block, block, h, w}).permute({0, 1, 4, 2, 5, 3})
                                          : x.reshape({n, block, block, c, h, w}).permute({0, 3, 4, 1, 5, 2});
    call.out[0] = parts.reshape({n, c, h * block, w * block});
  };
}

Operation space_to_depth(const Site& site) {
  return [block = required_attribute<std::int64_t>(site.node, "blocksize")](Call& call) {
    const at::Tensor& x = call.in[0];
    const std::int64_t n = x.size(0), c = x.size(1), h = x.size(2) / block, w = x.size(3) / block;
    const at::Tensor parts = x.reshape({n, c, h, block, w, block}).permute({0, 3, 5, 1, 2, 4});
    call.out[0] = parts.reshape({n, c * block * block, h, w});
  };
}

constexpr std::array kLayoutOperators{
    OperatorRow{"Flatten", flatten},
    OperatorRow{"Reshape", reshape},
    OperatorRow{"Transpose", transpose},
    OperatorRow{"Concat", concat},
    OperatorRow{"Split", split},
    OperatorRow{"Pad", pad},
    OperatorRow{"DepthToSpace", depth_to_space},
    OperatorRow{"SpaceToDepth", space_to_depth},
};

}  // namespace

std::span<const OperatorRow> layout_operators() { return kLayoutOperators; }

}  // namespace enxerto
