#include <ATen/ATen.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <array>

#include "enxerto/engine/torch/chosen_words.h"
#include "enxerto/engine/torch/operator.h"

namespace enxerto {
namespace {

constexpr std::int64_t kNumbersAtOnce = std::int64_t{1} << 19;  // of scores in float32: they stay in the cache

/// Calls `with(first row, rows)` for blocks of rows.
template <typename With>
void by_blocks(std::int64_t rows, std::int64_t vocabulary, const With& with) {
  const std::int64_t block = std::max<std::int64_t>(kNumbersAtOnce / std::max<std::int64_t>(vocabulary, 1), 1);
  for (std::int64_t first = 0; first < rows; first += block) with(first, std::min(block, rows - first));
}

/// Rows of scores with what is added to them, a copy in the type that is computed in.
at::Tensor scores_of(const at::Tensor& rows, const at::Tensor& bias, std::int64_t first, std::int64_t count) {
  const at::Tensor part = rows.narrow(0, first, count);
  if (!bias.defined() || bias.numel() == 0) return widened(part).clone();
  return at::add(widened(part), widened(bias));
}

/// See `kWordLogarithms`: scores (rows, vocabulary), bias (vocabulary) or (0), numbers (rows, 1).
class LogarithmsOfWords : public torch::autograd::Function<LogarithmsOfWords> {
 public:
  static torch::autograd::variable_list forward(torch::autograd::AutogradContext* context, const at::Tensor& scores,
                                                const at::Tensor& bias, const at::Tensor& numbers) {
    const at::Tensor rows = scores.detach(), added = bias.detach();
    const auto options = widened(rows.narrow(0, 0, 0)).options();
    at::Tensor found = at::empty({rows.size(0), 1}, options), means = at::empty_like(found);
    at::Tensor sums = at::empty_like(found);
    by_blocks(rows.size(0), rows.size(1), [&](std::int64_t first, std::int64_t count) {
      const at::Tensor block = scores_of(rows, added, first, count);
      const at::Tensor sum = at::logsumexp(block, {1}, true);
      sums.narrow(0, first, count).copy_(sum);
      found.narrow(0, first, count).copy_(at::gather(block, 1, numbers.narrow(0, first, count)).sub_(sum));
      means.narrow(0, first, count).copy_(block.mean({1}, true).sub_(sum));
    });
    context->set_materialize_grads(false);
    context->save_for_backward({rows, added, numbers, sums});
    return {found, means};
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    const auto saved = context->get_saved_variables();
    const at::Tensor &rows = saved[0], &bias = saved[1], &numbers = saved[2], &sums = saved[3];
    const at::Tensor of_found = gradients[0].defined() ? gradients[0] : at::zeros_like(sums);
    const bool evenly = gradients[1].defined();
    const at::Tensor all = evenly ? at::add(of_found, gradients[1]) : of_found;
    at::Tensor changes = at::empty_like(rows), of_bias = at::zeros(bias.sizes(), sums.options());
    const double share = 1.0 / static_cast<double>(rows.size(1));
    by_blocks(rows.size(0), rows.size(1), [&](std::int64_t first, std::int64_t count) {
      const auto part = [&](const at::Tensor& x) { return x.narrow(0, first, count); };
      at::Tensor block = scores_of(rows, bias, first, count);
      block.sub_(part(sums)).exp_().mul_(at::neg(part(all)));
      if (evenly) block.add_(at::mul(part(gradients[1]), share));
      block.scatter_add_(1, part(numbers), part(of_found));
      if (of_bias.numel() > 0) of_bias.add_(block.sum(0));
      part(changes).copy_(block);
    });
    return {changes, of_bias.numel() > 0 ? of_bias.to(bias.scalar_type()) : at::Tensor(), at::Tensor()};
  }
};

Operation word_logarithms(const Site& /*site*/) {
  return [](Call& call) {
    const at::Tensor &scores = call.in[0], &column = call.in[2];
    const at::Tensor bias = call.in[1].defined() ? call.in[1] : at::empty({0}, scores.options().requires_grad(false));
    const torch::autograd::variable_list out =
        LogarithmsOfWords::apply(scores.reshape({-1, scores.size(-1)}).contiguous(), bias, column.reshape({-1, 1}));
    call.out[0] = out[0].reshape(column.sizes());
    if (call.out.size() > 1) call.out[1] = out[1].reshape({column.size(0), column.size(1)});
  };
}

constexpr std::array kChosenWordOperators{OperatorRow{kWordLogarithms, word_logarithms}};

}  // namespace

std::span<const OperatorRow> chosen_word_operators() { return kChosenWordOperators; }

}  // namespace enxerto
