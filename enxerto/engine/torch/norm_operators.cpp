#include <ATen/ATen.h>

#include <algorithm>
#include <array>
#include <string>

#include "enxerto/engine/torch/operator.h"
#include "enxerto/graph/attributes.h"

namespace enxerto {
namespace {

double real(const Site& site, std::string_view name, float fallback) {
  return static_cast<double>(attribute<float>(site.node, name, fallback));
}

/// The kernels of LibTorch move the running statistics in place.
Operation batch_normalization(const Site& site) {
  if (site.node.outputs.size() > 1) refuse_node(site.node, "outputs of training", "the normalised value alone");
  return [epsilon = real(site, "epsilon", 1e-5F), stage = site.node.stage](Call& call) {
    const auto& stages = call.mode.batch_stages;
    const at::Tensor& x = call.in[0];
    const bool asked =
        call.mode.norms == RunMode::Norms::batch || std::find(stages.begin(), stages.end(), stage) != stages.end();
    // A single number has no variance: a batch of one example at a mean over its whole map.
    const bool by_batch = asked && x.numel() > x.size(1);
    call.out[0] = at::batch_norm(call.in[0], call.in[1], call.in[2], call.in[3], call.in[4], by_batch,
                                 call.mode.momentum, epsilon, false);
  };
}

Operation layer_normalization(const Site& site) {
  if (site.node.outputs.size() > 1) refuse_node(site.node, "outputs of training", "the normalised value alone");
  return [axis = attribute<std::int64_t>(site.node, "axis", -1), epsilon = real(site, "epsilon", 1e-5F)](Call& call) {
    const at::Tensor &x = call.in[0], &scale = call.in[1];
    const at::IntArrayRef shape = x.sizes().slice(static_cast<std::size_t>(axis_from_front(axis, x.dim())));
    const bool has_shift = call.in.size() > 2 && call.in[2].defined();
    if (scale.sizes() == shape && (!has_shift || call.in[2].sizes() == shape)) {
      call.out[0] = at::layer_norm(x, shape, scale, has_shift ? std::optional(call.in[2]) : std::nullopt, epsilon);
      return;
    }
    const at::Tensor scaled = at::mul(at::layer_norm(x, shape, {}, {}, epsilon), scale);
    call.out[0] = has_shift ? at::add(scaled, call.in[2]) : scaled;
  };
}

/// One scale a group in ONNX's opset 20, one a channel in LibTorch.
at::Tensor by_channel(const at::Tensor& scale, std::int64_t channels) {
  return scale.size(0) == channels ? scale : at::repeat_interleave(scale, channels / scale.size(0), 0);
}

Operation group_normalization(const Site& site) {
  const auto groups = required_attribute<std::int64_t>(site.node, "num_groups");
  if (groups < 1) refuse_node(site.node, "no groups", "at least one");
  return [groups, epsilon = real(site, "epsilon", 1e-5F)](Call& call) {
    const std::int64_t channels = call.in[0].size(1);
    call.out[0] = at::group_norm(call.in[0], groups, by_channel(call.in[1], channels), by_channel(call.in[2], channels),
                                 epsilon, false);
  };
}

Operation instance_normalization(const Site& site) {
  return [epsilon = real(site, "epsilon", 1e-5F)](Call& call) {
    call.out[0] = at::instance_norm(call.in[0], call.in[1], call.in[2], {}, {}, true, 0, epsilon, false);
  };
}

Operation power_normalization(const Site& site) {
  return [axis = attribute<std::int64_t>(site.node, "axis", -1),
          p = attribute<std::int64_t>(site.node, "p", 2)](Call& call) {
    const at::Tensor& x = call.in[0];
    const at::Tensor length = at::linalg_vector_norm(x, p, axis, true);
    call.out[0] = at::div(x, at::where(at::eq(length, 0), at::ones_like(length), length));
  };
}

Operation mean_variance_normalization(const Site& site) {
  return [axes = attribute<Ints>(site.node, "axes", {0, 2, 3})](Call& call) {
    const at::Tensor &x = call.in[0], centered = at::sub(x, at::mean(x, axes, true));
    const at::Tensor deviation = at::sqrt(at::mean(at::square(centered), axes, true));
    call.out[0] = at::div(centered, at::add(deviation, 1e-9));
  };
}

/// Krizhevsky et al. 2012: by the squares of the neighbouring channels.
Operation local_response_normalization(const Site& site) {
  const auto size = required_attribute<std::int64_t>(site.node, "size");
  const double alpha = real(site, "alpha", 1e-4F), beta = real(site, "beta", 0.75F), bias = real(site, "bias", 1);
  return [=](Call& call) {
    const at::Tensor& x = call.in[0];
    Ints pads(static_cast<std::size_t>(2 * x.dim() - 2), 0);
    pads[pads.size() - 2] = (size - 1) / 2;
    pads[pads.size() - 1] = size / 2;
    const at::Tensor squares = at::constant_pad_nd(at::square(x), pads, 0);
    const at::Tensor sums = at::sum(squares.unfold(1, size, 1), -1);
    call.out[0] = at::div(x, at::pow(at::add(at::mul(sums, alpha / static_cast<double>(size)), bias), beta));
  };
}

constexpr std::array kNormOperators{
    OperatorRow{"BatchNormalization", batch_normalization},
    OperatorRow{"LayerNormalization", layer_normalization},
    OperatorRow{"GroupNormalization", group_normalization},
    OperatorRow{"InstanceNormalization", instance_normalization},
    OperatorRow{"LpNormalization", power_normalization},
    OperatorRow{"MeanVarianceNormalization", mean_variance_normalization},
    OperatorRow{"LRN", local_response_normalization},
};

}  // namespace

std::span<const OperatorRow> norm_operators() { return kNormOperators; }

}  // namespace enxerto
