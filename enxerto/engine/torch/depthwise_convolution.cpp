#include "enxerto/engine/torch/depthwise_convolution.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/autocast_mode.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>

#include "enxerto/engine/torch/depthwise_windows.h"

namespace enxerto {
namespace {

constexpr auto kChannelsLast = at::MemoryFormat::ChannelsLast;

/// The type that the maps have: that of autocast where it is on.
at::ScalarType type_of_maps(const at::Tensor& x) {
  return at::autocast::is_autocast_enabled(at::kCPU) ? at::autocast::get_autocast_dtype(at::kCPU) : x.scalar_type();
}

struct Geometry {
  Ints strides, dilations, begins, ends;

  bool symmetric() const { return begins == ends; }
  bool strided() const { return strides != Ints{1, 1}; }
};

at::Tensor forward_of(const at::Tensor& x, const at::Tensor& weight, const std::optional<at::Tensor>& bias,
                      const Geometry& form) {
  if (form.symmetric()) return at::conv2d(x, weight, bias, form.strides, form.begins, form.dilations, weight.size(0));
  return at::conv2d(padded(x, {form.begins, form.ends}, 0), weight, bias, form.strides, Ints{0, 0}, form.dilations,
                    weight.size(0));
}

/// Shapes and maps, without the gradients that are wanted.
DepthwiseWindows windows_of(const at::Tensor& x, const at::Tensor& change, const at::Tensor& weight,
                            const Geometry& form) {
  return {.examples = x.size(0),
          .channels = x.size(1),
          .rows = x.size(2),
          .columns = x.size(3),
          .out_rows = change.size(2),
          .out_columns = change.size(3),
          .kernel_rows = weight.size(2),
          .kernel_columns = weight.size(3),
          .row_stride = form.strides[0],
          .column_stride = form.strides[1],
          .row_dilation = form.dilations[0],
          .column_dilation = form.dilations[1],
          .above = form.begins[0],
          .left = form.begins[1],
          .narrow = x.scalar_type() == at::kBFloat16,
          .input = x.const_data_ptr(),
          .change = change.const_data_ptr()};
}

struct Wanted {
  bool of_input = false, of_weights = false;
};

/// Gradients of the input and of the weights, each undefined where it is not wanted.
std::pair<at::Tensor, at::Tensor> gradients(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& changes,
                                            const Geometry& form, Wanted wanted) {
  const at::Tensor change = changes.to(x.scalar_type()).contiguous(kChannelsLast);
  at::Tensor of_input, of_weights, kernels;
  DepthwiseWindows windows = windows_of(x, change, weight, form);
  // Without strides oneDNN is quick, on maps of any size.
  if (wanted.of_input && !form.strided() && form.symmetric()) {
    of_input = std::get<0>(at::convolution_backward(change, x, weight.to(x.scalar_type()), std::nullopt, form.strides,
                                                    form.begins, form.dilations, false, {0, 0}, weight.size(0),
                                                    {true, false, false}));
  } else if (wanted.of_input) {
    of_input = at::empty_like(x, x.options(), kChannelsLast);
    kernels = weight.to(x.scalar_type()).to(at::kFloat).permute({1, 2, 3, 0}).contiguous();
    windows.weights = kernels.const_data_ptr<float>();
    windows.of_input = of_input.mutable_data_ptr();
  }
  if (wanted.of_weights) {
    of_weights = at::empty({1, weight.size(2), weight.size(3), weight.size(0)}, weight.options());
    windows.of_weights = of_weights.mutable_data_ptr<float>();
  }
  const DepthwiseGradients& of = depthwise_gradients();
  const std::int64_t groups = (windows.channels + kDepthwiseGroup - 1) / kDepthwiseGroup;
  at::parallel_for(0, groups, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t group = begin; group < end; ++group) of.group(windows, group * kDepthwiseGroup);
  });
  if (wanted.of_weights) of_weights = of_weights.permute({3, 0, 1, 2}).contiguous();
  return {of_input, of_weights};
}

class DepthwiseConvolution : public torch::autograd::Function<DepthwiseConvolution> {
 public:
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& x, const at::Tensor& weight,
                            const std::optional<at::Tensor>& bias, const Geometry& form) {
    const at::Tensor maps = x.detach().to(type_of_maps(x)).contiguous(kChannelsLast);
    context->save_for_backward({maps, weight});
    context->saved_data["type"] = x.scalar_type();
    context->saved_data["strides"] = form.strides;
    context->saved_data["dilations"] = form.dilations;
    context->saved_data["begins"] = form.begins;
    context->saved_data["ends"] = form.ends;
    context->saved_data["bias"] = bias.has_value();
    return forward_of(maps, weight.detach(), bias, form);
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list changes) {
    const auto saved = context->get_saved_variables();
    const at::Tensor &x = saved[0], &weight = saved[1];
    auto& kept = context->saved_data;
    const Geometry form{kept["strides"].toIntVector(), kept["dilations"].toIntVector(), kept["begins"].toIntVector(),
                        kept["ends"].toIntVector()};
    if (!changes[0].defined()) return {at::Tensor(), at::Tensor(), at::Tensor(), at::Tensor()};
    auto [of_input, of_weights] =
        gradients(x, weight, changes[0], form,
                  {.of_input = context->needs_input_grad(0), .of_weights = context->needs_input_grad(1)});
    if (of_input.defined()) of_input = of_input.to(kept["type"].toScalarType());
    at::Tensor of_bias;
    if (kept["bias"].toBool() && context->needs_input_grad(2))
      of_bias = at::sum(changes[0], {0, 2, 3}, false, at::kFloat);
    return {of_input, of_weights, of_bias, at::Tensor()};
  }
};

}  // namespace

bool has_depthwise_gradients(const at::Tensor& x, const at::Tensor& weight, std::int64_t groups) {
  const auto fits = [](const at::Tensor& tensor) {
    return tensor.device().is_cpu() && (tensor.scalar_type() == at::kFloat || tensor.scalar_type() == at::kBFloat16);
  };
  return at::GradMode::is_enabled() && (x.requires_grad() || weight.requires_grad()) && x.dim() == 4 &&
         weight.dim() == 4 && groups > 1 && weight.size(0) == groups && weight.size(1) == 1 && x.size(1) == groups &&
         fits(x) && fits(weight) && weight.scalar_type() == at::kFloat && x.numel() > 0 &&
         (type_of_maps(x) == at::kFloat || type_of_maps(x) == at::kBFloat16);
}

at::Tensor depthwise_convolution(const at::Tensor& x, const at::Tensor& weight, const std::optional<at::Tensor>& bias,
                                 const Window& window, const Window::Padding& padding) {
  Geometry form{window.strides, window.dilations, padding.begins, padding.ends};
  at::Tensor maps = x;
  if (std::min(std::ranges::min(form.begins), std::ranges::min(form.ends)) < 0) {  // it cuts
    maps = padded(x, padding, 0);
    form.begins = form.ends = Ints{0, 0};
  }
  return DepthwiseConvolution::apply(maps, weight, bias, form);
}

}  // namespace enxerto
