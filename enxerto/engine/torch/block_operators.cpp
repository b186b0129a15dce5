#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>

#include <array>
#include <cmath>

#include "enxerto/engine/torch/fused_blocks.h"
#include "enxerto/engine/torch/operator.h"
#include "enxerto/engine/torch/products.h"
#include "enxerto/graph/attributes.h"

namespace enxerto {
namespace {

/// Queries have their scale already.
Operation fused_attention(const Site& /*site*/) {
  return [](Call& call) {
    const at::Tensor& mask = call.in[3];
    const at::Tensor added = mask.defined() ? mask.to(call.in[0].scalar_type()) : mask;
    call.out[0] = at::scaled_dot_product_attention(
        call.in[0], call.in[1], call.in[2], added.defined() ? std::optional(added) : std::nullopt, 0.0, false, 1.0);
  };
}

Operation dense_layer(const Site& /*site*/) {
  return [](Call& call) { call.out[0] = dense_product(call.in[0], call.in[1], call.in[2]); };
}

constexpr std::int64_t kLanes = 8;          // sums side by side, which the compiler puts into vectors
constexpr std::int64_t kRowsOfThread = 16;  // fewer are not worth a thread

/// The sum of what `term` gives of each place.
template <typename Term>
float sum_over(std::int64_t width, const Term& term) {
  float lanes[kLanes] = {};
  std::int64_t i = 0;
  for (; i + kLanes <= width; i += kLanes)
    for (std::int64_t lane = 0; lane < kLanes; ++lane) lanes[lane] += term(i + lane);
  float sum = 0;
  for (; i < width; ++i) sum += term(i);
  for (const float lane : lanes) sum += lane;
  return sum;
}

template <typename Row>
void for_each_row(std::int64_t rows, const Row& row) {
  at::parallel_for(0, rows, kRowsOfThread, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) row(i);
  });
}

class RootMeanSquareNorm : public torch::autograd::Function<RootMeanSquareNorm> {
 public:
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& given, const at::Tensor& scale,
                            double epsilon) {
    const at::Tensor x = given.contiguous();
    const std::int64_t width = x.size(-1), rows = x.numel() / width;
    at::Tensor result = at::empty_like(x), lengths = at::empty({rows}, x.options());
    const float *const from = x.const_data_ptr<float>(), *const factors = scale.const_data_ptr<float>();
    float *const to = result.mutable_data_ptr<float>(), *const inverse = lengths.mutable_data_ptr<float>();
    for_each_row(rows, [&](std::int64_t i) {
      const float* const row = from + i * width;
      float* const out = to + i * width;
      const float mean = sum_over(width, [row](std::int64_t k) { return row[k] * row[k]; }) / static_cast<float>(width);
      const float factor = inverse[i] = 1 / std::sqrt(mean + static_cast<float>(epsilon));
      for (std::int64_t k = 0; k < width; ++k) out[k] = row[k] * factor * factors[k];
    });
    context->save_for_backward({x, scale, lengths});
    return result;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    const auto saved = context->get_saved_variables();
    const at::Tensor &x = saved[0], &scale = saved[1], &lengths = saved[2], change = gradients[0].contiguous();
    const std::int64_t width = x.size(-1), rows = x.numel() / width;
    at::Tensor by_x = at::empty_like(x);
    const float *const from = x.const_data_ptr<float>(), *const factors = scale.const_data_ptr<float>();
    const float *const inverse = lengths.const_data_ptr<float>(), *const changes = change.const_data_ptr<float>();
    float* const to = by_x.mutable_data_ptr<float>();
    for_each_row(rows, [&](std::int64_t i) {
      const float *const row = from + i * width, *const by = changes + i * width;
      float* const out = to + i * width;
      const float factor = inverse[i];
      const float along = sum_over(width, [&](std::int64_t k) { return row[k] * by[k] * factors[k]; });
      const float back = along * factor * factor * factor / static_cast<float>(width);
      for (std::int64_t k = 0; k < width; ++k) out[k] = by[k] * factors[k] * factor - row[k] * back;
    });
    at::Tensor by_scale;
    if (context->needs_input_grad(1)) {
      const at::Tensor unit = x.reshape({rows, width}) * lengths.unsqueeze(1);
      by_scale = at::sum(unit.mul_(change.reshape({rows, width})), 0);
    }
    return {by_x, by_scale, at::Tensor()};
  }
};

at::Tensor in_steps(const at::Tensor& x, const at::Tensor& scale, double epsilon) {
  const at::Tensor mean = at::mean(at::square(widened(x)), at::IntArrayRef{-1}, true);
  return at::mul(at::mul(x, at::rsqrt(at::add(mean, epsilon))), scale);
}

Operation root_mean_square_norm(const Site& site) {
  return [epsilon = static_cast<double>(attribute<float>(site.node, "epsilon", 0))](Call& call) {
    const at::Tensor x = widened(call.in[0]), &scale = call.in[1];
    const bool plain = x.scalar_type() == at::kFloat && x.device().is_cpu() && scale.scalar_type() == at::kFloat &&
                       scale.is_contiguous() && x.size(-1) == scale.numel() && x.numel() > 0;
    call.out[0] = plain ? RootMeanSquareNorm::apply(x, scale, epsilon) : in_steps(x, scale, epsilon);
  };
}

constexpr std::array kBlockOperators{
    OperatorRow{kFusedAttention, fused_attention},
    OperatorRow{kRootMeanSquareNorm, root_mean_square_norm},
    OperatorRow{kDenseLayer, dense_layer},
};

}  // namespace

std::span<const OperatorRow> block_operators() { return kBlockOperators; }

}  // namespace enxerto
