#include <ATen/ATen.h>

#include <array>
#include <optional>

#include "enxerto/engine/torch/depthwise_convolution.h"
#include "enxerto/engine/torch/operator.h"
#include "enxerto/engine/torch/window.h"
#include "enxerto/graph/attributes.h"

namespace enxerto {
namespace {

using Bias = std::optional<at::Tensor>;

/// Convolutions by the number of spatial dimensions; autocast knows these names and not the general one.
using Convolve = at::Tensor (*)(const at::Tensor&, const at::Tensor&, const Bias&, at::IntArrayRef, at::IntArrayRef,
                                at::IntArrayRef, std::int64_t);
constexpr std::array<Convolve, 3> kConvolve{at::conv1d, at::conv2d, at::conv3d};
using Deconvolve = at::Tensor (*)(const at::Tensor&, const at::Tensor&, const Bias&, at::IntArrayRef, at::IntArrayRef,
                                  at::IntArrayRef, std::int64_t, at::IntArrayRef);
constexpr std::array<Deconvolve, 3> kDeconvolve{at::conv_transpose1d, at::conv_transpose2d, at::conv_transpose3d};

Bias bias_of(const Call& call) { return call.in.size() > 2 && call.in[2].defined() ? Bias(call.in[2]) : std::nullopt; }

/// The window is read at the first run: only then the kernel's size is sure to be known.
Window window_of(const Node& node, const at::Tensor& weight) {
  TORCH_CHECK(weight.dim() >= 3 && weight.dim() <= 5, "a kernel of ", weight.dim(), " dimensions");
  return Window::of(node, attribute<Ints>(node, "kernel_shape", weight.sizes().slice(2).vec()));
}

Operation convolution(const Site& site) {
  return [node = site.node, groups = attribute<std::int64_t>(site.node, "group", 1),
          window = std::optional<Window>()](Call& call) mutable {
    const at::Tensor &x = call.in[0], &weight = call.in[1];
    if (!window) window = window_of(node, weight);
    TORCH_CHECK(x.dim() == weight.dim(), "an input of ", x.dim(), " dimensions for a kernel of ", weight.dim());
    const Window::Padding padding = window->padding_of(x.sizes().slice(2));
    if (has_depthwise_gradients(x, weight, groups)) {
      call.out[0] = depthwise_convolution(x, weight, bias_of(call), *window, padding);
      return;
    }
    const Convolve convolve = kConvolve.at(window->rank() - 1);
    if (padding.symmetric()) {
      call.out[0] = convolve(x, weight, bias_of(call), window->strides, padding.begins, window->dilations, groups);
      return;
    }
    const Ints none(window->rank(), 0);
    call.out[0] =
        convolve(padded(x, padding, 0), weight, bias_of(call), window->strides, none, window->dilations, groups);
  };
}

/// What is cut from the whole product of a transposed convolution, before and behind: less than nothing adds.
Window::Padding cut_of(const Node& node, const Window& window, at::IntArrayRef spatial) {
  const Ints extra = attribute<Ints>(node, "output_padding", Ints(window.rank(), 0));
  const Ints* const wanted = find_attribute<Ints>(node, "output_shape");
  const bool same = window.auto_pad.starts_with("SAME");
  Window::Padding cut{window.begins, window.ends};
  for (std::size_t i = 0; i < window.rank(); ++i) {
    cut.ends[i] -= extra.at(i);
    if (!same && wanted == nullptr) continue;
    const std::int64_t reach = (window.kernel[i] - 1) * window.dilations[i] + 1;
    const std::int64_t size = wanted != nullptr ? wanted->at(i) : spatial[i] * window.strides[i];
    const std::int64_t total = (spatial[i] - 1) * window.strides[i] + extra.at(i) + reach - size;
    const std::int64_t half = total >= 0 ? total / 2 : -((1 - total) / 2);  // rounded down: what is added goes behind
    cut.begins[i] = window.auto_pad == "SAME_UPPER" ? half : total - half;
    cut.ends[i] = total - cut.begins[i] - extra.at(i);
  }
  return cut;
}

at::Tensor with_bias(const at::Tensor& x, const Bias& bias) {
  if (!bias) return x;
  Ints shape(static_cast<std::size_t>(x.dim()), 1);
  shape[1] = -1;
  return at::add(x, bias->reshape(shape));
}

Operation transposed_convolution(const Site& site) {
  return [node = site.node, groups = attribute<std::int64_t>(site.node, "group", 1),
          window = std::optional<Window>()](Call& call) mutable {
    const at::Tensor &x = call.in[0], &weight = call.in[1];
    if (!window) window = window_of(node, weight);
    const Window::Padding cut = cut_of(node, *window, x.sizes().slice(2));
    const Deconvolve deconvolve = kDeconvolve.at(window->rank() - 1);
    const Ints none(window->rank(), 0);
    const bool can_cut = cut.symmetric() && *std::min_element(cut.begins.begin(), cut.begins.end()) >= 0;
    if (can_cut) {
      call.out[0] = deconvolve(x, weight, bias_of(call), window->strides, cut.begins, none, groups, window->dilations);
      return;
    }
    Window::Padding padding = cut;
    for (std::int64_t& size : padding.begins) size = -size;
    for (std::int64_t& size : padding.ends) size = -size;
    const at::Tensor whole =
        deconvolve(x, weight, std::nullopt, window->strides, none, none, groups, window->dilations);
    call.out[0] = with_bias(padded(whole, padding, 0), bias_of(call));
  };
}

constexpr std::array kConvolutionOperators{
    OperatorRow{"Conv", convolution},
    OperatorRow{"ConvTranspose", transposed_convolution},
};

}  // namespace

std::span<const OperatorRow> convolution_operators() { return kConvolutionOperators; }

}  // namespace enxerto
