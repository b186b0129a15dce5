#include "enxerto/engine/torch/products.h"

#include <ATen/ATen.h>
#include <ATen/autocast_mode.h>
#include <ATen/core/LegacyTypeDispatch.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <torch/csrc/autograd/custom_function.h>

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace enxerto {
namespace {

constexpr std::int64_t kFewestSteps = 1 << 15;  // multiplications: below them asking costs more than it saves

using Linear = at::Tensor(const at::Tensor&, const at::Tensor&, const std::optional<at::Tensor>&, std::string_view,
                          c10::List<std::optional<at::Scalar>>, std::optional<std::string_view>);

/// oneDNN's x weight' + bias, of float32; nothing where MKL is as fast, or LibTorch is without it.
const std::optional<c10::TypedOperatorHandle<Linear>>& linear_of_onednn() {
  static const auto found = [] {
    std::optional<c10::TypedOperatorHandle<Linear>> linear;
    __builtin_cpu_init();
    if (__builtin_cpu_is("intel") > 0 || __builtin_cpu_supports("avx512f") == 0) return linear;
    if (const auto schema = c10::Dispatcher::singleton().findSchema({"mkldnn::_linear_pointwise", ""}))
      linear = schema->typed<Linear>();
    return linear;
  }();
  return found;
}

at::Tensor by_onednn(const at::Tensor& x, const at::Tensor& weight, const std::optional<at::Tensor>& bias) {
  const at::AutoDispatchBelowADInplaceOrView no_gradients;
  const bool dense = weight.is_contiguous() || weight.t().is_contiguous();  // in either order of its dimensions
  return linear_of_onednn()->call(x, dense ? weight : weight.contiguous(), bias, "none",
                                  c10::List<std::optional<at::Scalar>>(), "");
}

bool is_worth_it(std::int64_t rows, std::int64_t depth, std::int64_t columns) {
  return linear_of_onednn().has_value() && rows * depth * columns >= kFewestSteps;
}

class DenseProduct : public torch::autograd::Function<DenseProduct> {
 public:
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& x, const at::Tensor& weight,
                            const std::optional<at::Tensor>& bias) {
    const at::Tensor rows = x.reshape({-1, x.size(-1)}).contiguous();
    context->save_for_backward({rows, weight});
    context->saved_data["shape"] = x.sizes().vec();
    context->saved_data["bias"] = bias.has_value();
    std::vector<std::int64_t> shape = x.sizes().vec();
    shape.back() = weight.size(0);
    return at::_unsafe_view(by_onednn(rows, weight, bias), shape);  // a view may not be overwritten by what follows
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    const auto saved = context->get_saved_variables();
    const at::Tensor &rows = saved[0], &weight = saved[1];
    const at::Tensor change = gradients[0].to(at::kFloat).reshape({-1, weight.size(0)}).contiguous();
    at::Tensor of_x, of_weight, of_bias;
    if (context->needs_input_grad(0))
      of_x = matrix_product(change, weight).view(context->saved_data["shape"].toIntVector());
    if (context->needs_input_grad(1)) of_weight = matrix_product(change.t(), rows);
    if (context->saved_data["bias"].toBool() && context->needs_input_grad(2)) of_bias = change.sum(0);
    return {of_x, of_weight, of_bias};
  }
};

}  // namespace

bool is_plain_float(const at::Tensor& tensor) { return tensor.scalar_type() == at::kFloat && tensor.device().is_cpu(); }

at::Tensor matrix_product(const at::Tensor& a, const at::Tensor& b) {
  const bool plain = is_plain_float(a) && is_plain_float(b) && is_worth_it(a.size(0), a.size(1), b.size(1));
  return plain ? by_onednn(a, b.t(), std::nullopt) : at::mm(a, b);
}

at::Tensor dense_product(const at::Tensor& x, const at::Tensor& weight, const std::optional<at::Tensor>& bias) {
  const bool plain = is_plain_float(x) && is_plain_float(weight) &&
                     (!bias || (is_plain_float(*bias) && bias->dim() == 1)) && x.dim() > 0 && weight.dim() == 2 &&
                     x.size(-1) == weight.size(1) && x.size(-1) > 0 && !at::autocast::is_autocast_enabled(at::kCPU) &&
                     is_worth_it(x.numel() / x.size(-1), x.size(-1), weight.size(0));
  return plain ? DenseProduct::apply(x, weight, bias) : at::linear(x, weight, bias);
}

}  // namespace enxerto
