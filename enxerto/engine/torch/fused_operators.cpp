#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>

#include <array>

#include "enxerto/engine/torch/fused_pixels.h"
#include "enxerto/engine/torch/operator.h"
#include "enxerto/engine/torch/resized_rows.h"

namespace enxerto {
namespace {

constexpr float kNoClass = -1e30F;  // of what fills up the classes: its exponential is 0

/// (batch, classes, rows, columns) as `ResizedScores::scores` of each example.
at::Tensor filled_rows(const at::Tensor& scores) {
  const std::int64_t missing = (kResizedLanes - scores.size(1) % kResizedLanes) % kResizedLanes;
  return at::constant_pad_nd(scores.permute({0, 2, 3, 1}), {0, missing}, kNoClass).contiguous();
}

ResizedScores example_of(const at::Tensor& rows, const at::Tensor& classes, std::int64_t example) {
  const std::int64_t map = rows.size(1) * rows.size(2) * rows.size(3), pixels = classes.size(2) * classes.size(3);
  return {.scores = rows.const_data_ptr<float>() + example * map,
          .rows = rows.size(1),
          .columns = rows.size(2),
          .width = rows.size(3),
          .classes = classes.const_data_ptr<std::int64_t>() + example * pixels,
          .out_rows = classes.size(2),
          .out_columns = classes.size(3)};
}

/// The logarithm of the probability of each pixel's class, (batch, 1, height, width), of scores (batch, classes, rows,
/// columns) of float32 and classes (batch, 1, height, width), without scores or probabilities of that size.
class ResizedLogarithms : public torch::autograd::Function<ResizedLogarithms> {
 public:
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& scores,
                            const at::Tensor& classes) {
    const at::Tensor rows = filled_rows(scores.detach()), numbers = classes.contiguous();
    at::Tensor result = at::empty(numbers.sizes(), scores.options().memory_format(at::MemoryFormat::Contiguous));
    at::Tensor sums = at::empty_like(result);
    const std::int64_t pixels = numbers.size(2) * numbers.size(3);
    float *const first = result.mutable_data_ptr<float>(), *const first_sum = sums.mutable_data_ptr<float>();
    at::parallel_for(0, rows.size(0), 1, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = begin; i < end; ++i)
        resized_rows().forward(example_of(rows, numbers, i), first + i * pixels, first_sum + i * pixels);
    });
    context->save_for_backward({rows, numbers});
    context->saved_data["classes"] = scores.size(1);
    return result.sub_(sums.log_());
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    const auto saved = context->get_saved_variables();
    const at::Tensor &rows = saved[0], &numbers = saved[1], changes = gradients[0].to(at::kFloat).contiguous();
    at::Tensor gradient = at::zeros_like(rows);
    const std::int64_t pixels = numbers.size(2) * numbers.size(3), map = gradient.numel() / gradient.size(0);
    auto* const first = gradient.mutable_data_ptr<float>();
    at::parallel_for(0, rows.size(0), 1, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = begin; i < end; ++i)
        resized_rows().backward(example_of(rows, numbers, i), changes.const_data_ptr<float>() + i * pixels,
                                first + i * map);
    });
    const std::int64_t classes = context->saved_data["classes"].toInt();
    return {gradient.narrow(3, 0, classes).permute({0, 3, 1, 2}), at::Tensor()};
  }
};

at::Tensor in_three_steps(const at::Tensor& scores, const Ints& sizes, const at::Tensor& classes) {
  const at::Tensor resized = at::upsample_bilinear2d(scores, sizes, false);
  const at::Tensor chosen = at::gather(at::log_softmax(widened(resized), 1), 1, at::clamp_min(classes, 0));
  return at::where(at::lt(classes, 0), at::zeros_like(chosen), chosen);
}

bool in_range(const at::Tensor& classes, std::int64_t count) {
  return classes.numel() == 0 || classes.max().item<std::int64_t>() < count;
}

Operation resized_logarithms(const Site& site) {
  return [sizes = IntsInput(site, 1)](Call& call) {
    const at::Tensor scores = widened(call.in[0]), &classes = call.in[2];
    const Ints wanted = sizes.read(call);
    const bool plain = scores.scalar_type() == at::kFloat && scores.device().is_cpu() && scores.dim() == 4 &&
                       classes.dim() == 4 && classes.scalar_type() == at::kLong && classes.size(0) == scores.size(0) &&
                       classes.size(1) == 1 && classes.sizes().slice(2) == at::IntArrayRef(wanted) &&
                       in_range(classes, scores.size(1));
    call.out[0] = plain ? ResizedLogarithms::apply(scores, classes) : in_three_steps(scores, wanted, classes);
  };
}

constexpr std::array kFusedOperators{OperatorRow{kResizedLogarithms, resized_logarithms}};

}  // namespace

std::span<const OperatorRow> fused_operators() { return kFusedOperators; }

}  // namespace enxerto
