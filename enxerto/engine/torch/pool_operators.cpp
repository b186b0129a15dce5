#include <ATen/ATen.h>

#include <array>
#include <limits>

#include "enxerto/engine/torch/operator.h"
#include "enxerto/engine/torch/window.h"
#include "enxerto/graph/attributes.h"

namespace enxerto {
namespace {

Window window_of(const Site& site) {
  Ints kernel = required_attribute<Ints>(site.node, "kernel_shape");
  if (kernel.empty() || kernel.size() > 3) refuse_node(site.node, "a window of another rank", "1, 2 or 3 dimensions");
  if (site.node.outputs.size() > 1) refuse_node(site.node, "a second output", "the pooled map alone");
  return Window::of(site.node, std::move(kernel));
}

/// LibTorch pads by itself where it is the same on both sides and at most half of the window.
bool pads_itself(const Window& window, const Window::Padding& padding) {
  for (std::size_t i = 0; i < window.rank(); ++i)
    if (padding.begins[i] != padding.ends[i] || 2 * padding.begins[i] > window.kernel[i]) return false;
  return true;
}

double least_of(at::ScalarType type) {
  if (at::isFloatingType(type)) return -std::numeric_limits<double>::infinity();
  return type == at::kByte ? 0 : type == at::kChar ? -128 : -2147483648.0;
}

using MaxPool = at::Tensor (*)(const at::Tensor&, at::IntArrayRef, at::IntArrayRef, at::IntArrayRef, at::IntArrayRef,
                               bool);
constexpr std::array<MaxPool, 3> kMaxPool{at::max_pool1d, at::max_pool2d, at::max_pool3d};

Operation max_pool(const Site& site) {
  return [window = window_of(site)](Call& call) {
    const at::Tensor& x = call.in[0];
    const MaxPool pool = kMaxPool.at(window.rank() - 1);
    const Window::Padding padding = window.padding_of(x.sizes().slice(2));
    if (pads_itself(window, padding)) {
      call.out[0] = pool(x, window.kernel, window.strides, padding.begins, window.dilations, false);
      return;
    }
    const Ints none(window.rank(), 0);
    const at::Tensor framed = padded(x, padding, least_of(x.scalar_type()));
    call.out[0] = pool(framed, window.kernel, window.strides, none, window.dilations, false);
  };
}

at::Tensor average(const at::Tensor& x, const Window& window, at::IntArrayRef padding, bool count_padding) {
  if (window.rank() == 1) return at::avg_pool1d(x, window.kernel, window.strides, padding, false, count_padding);
  if (window.rank() == 2) return at::avg_pool2d(x, window.kernel, window.strides, padding, false, count_padding);
  return at::avg_pool3d(x, window.kernel, window.strides, padding, false, count_padding);
}

/// Sums over the windows of a map that is padded already: a convolution of each channel with ones.
at::Tensor window_sums(const at::Tensor& x, const Window& window) {
  const std::int64_t channels = x.size(1);
  Ints shape{channels, 1};
  shape.insert(shape.end(), window.kernel.begin(), window.kernel.end());
  const Ints none(window.rank(), 0);
  const at::Tensor ones = at::ones(shape, x.options().requires_grad(false));
  return at::convolution(x, ones, {}, window.strides, none, window.dilations, false, none, channels);
}

/// How many elements each window counts: 1 in the map, and in the padding that is written down where that counts.
at::Tensor window_counts(const at::Tensor& x, const Window& window, bool count_padding) {
  Ints shape(static_cast<std::size_t>(x.dim()), 1);
  std::copy(x.sizes().begin() + 2, x.sizes().end(), shape.begin() + 2);
  at::Tensor ones = at::ones(shape, x.options().requires_grad(false));
  Window::Padding padding = window.padding_of(x.sizes().slice(2));
  const bool is_written = !window.auto_pad.starts_with("SAME");
  if (count_padding && is_written) {
    ones = padded(ones, {window.begins, window.ends}, 1);
    for (std::size_t i = 0; i < window.rank(); ++i) {
      padding.begins[i] -= window.begins[i];
      padding.ends[i] -= window.ends[i];
    }
  }
  return window_sums(padded(ones, padding, count_padding && !is_written ? 1 : 0), window);
}

Operation average_pool(const Site& site) {
  const bool count_padding = attribute<std::int64_t>(site.node, "count_include_pad", 0) != 0;
  return [window = window_of(site), count_padding](Call& call) {
    const at::Tensor& x = call.in[0];
    const Window::Padding padding = window.padding_of(x.sizes().slice(2));
    const bool is_plain = window.dilations == Ints(window.rank(), 1) && pads_itself(window, padding);
    // Where rounding up reaches further than what is written down, the two count differently.
    const bool is_written = window.auto_pad.starts_with("SAME") || padding.ends == window.ends;
    if (is_plain && is_written) {
      call.out[0] = average(x, window, padding.begins, count_padding);
      return;
    }
    call.out[0] = at::div(window_sums(padded(x, padding, 0), window), window_counts(x, window, count_padding));
  };
}

Operation power_pool(const Site& site) {
  return [window = window_of(site), p = static_cast<double>(attribute<std::int64_t>(site.node, "p", 2))](Call& call) {
    const at::Tensor& x = call.in[0];
    const at::Tensor powers = at::pow(at::abs(widened(x)), p);
    call.out[0] = at::pow(window_sums(padded(powers, window.padding_of(x.sizes().slice(2)), 0), window), 1 / p);
  };
}

Ints spatial_axes(const at::Tensor& x) {
  TORCH_CHECK(x.dim() >= 3, "an input of ", x.dim(), " dimensions has no map");
  Ints axes;
  for (std::int64_t axis = 2; axis < x.dim(); ++axis) axes.push_back(axis);
  return axes;
}

at::Tensor global_average(const at::Tensor& x) { return at::mean(x, spatial_axes(x), true); }

at::Tensor global_maximum(const at::Tensor& x) { return at::amax(x, spatial_axes(x), true); }

Operation global_power(const Site& site) {
  return [p = attribute<std::int64_t>(site.node, "p", 2)](Call& call) {
    call.out[0] = at::linalg_vector_norm(call.in[0], p, spatial_axes(call.in[0]), true);
  };
}

constexpr std::array kPoolOperators{
    OperatorRow{"MaxPool", max_pool},
    OperatorRow{"AveragePool", average_pool},
    OperatorRow{"LpPool", power_pool},
    OperatorRow{"GlobalAveragePool", unary<global_average>},
    OperatorRow{"GlobalMaxPool", unary<global_maximum>},
    OperatorRow{"GlobalLpPool", global_power},
};

}  // namespace

std::span<const OperatorRow> pool_operators() { return kPoolOperators; }

}  // namespace enxerto
