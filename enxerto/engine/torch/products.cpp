#include "enxerto/engine/torch/products.h"

#include <ATen/ATen.h>
#include <ATen/autocast_mode.h>
#include <ATen/core/LegacyTypeDispatch.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <torch/csrc/autograd/custom_function.h>

#include <string_view>
#include <vector>

namespace enxerto {
namespace {

using Optional = std::optional<at::Tensor>;
using LinearPointwise = at::Tensor(const at::Tensor&, const at::Tensor&, const Optional&, std::string_view,
                                   c10::List<std::optional<at::Scalar>>, std::optional<std::string_view>);

/// oneDNN's dense layer; none where LibTorch was built without it.
const std::optional<c10::TypedOperatorHandle<LinearPointwise>>& dense_of_onednn() {
  static const auto found = []() -> std::optional<c10::TypedOperatorHandle<LinearPointwise>> {
    const auto schema = c10::Dispatcher::singleton().findSchema({"mkldnn::_linear_pointwise", ""});
    if (!schema || !at::globalContext().hasMKLDNN()) return std::nullopt;
    return schema->typed<LinearPointwise>();
  }();
  return found;
}

bool has_wide_vectors_of_amd() {
#if defined(__x86_64__)
  static const bool has = __builtin_cpu_is("amd") != 0 && __builtin_cpu_supports("avx512f") != 0;
  return has;
#else
  return false;
#endif
}

bool is_plain(const at::Tensor& x) { return x.scalar_type() == at::kFloat && x.device().is_cpu() && x.numel() > 0; }

bool is_faster(const at::Tensor& a, const at::Tensor& b) {
  return has_wide_vectors_of_amd() && is_plain(a) && is_plain(b) && dense_of_onednn().has_value();
}

/// x weight' + bias, of matrices.
at::Tensor by_onednn(const at::Tensor& x, const at::Tensor& weight, const Optional& bias) {
  const at::AutoDispatchBelowADInplaceOrView no_gradients;
  const bool dense = weight.is_contiguous() || weight.t().is_contiguous();  // in either order of its dimensions
  return dense_of_onednn()->call(x, dense ? weight : weight.contiguous(), bias, "none",
                                 c10::List<std::optional<at::Scalar>>(), "");
}

/// Gradients of x and weight; undefined where nobody wants them.
torch::autograd::variable_list gradients_of(torch::autograd::AutogradContext& context, const at::Tensor& gradient) {
  const auto saved = context.get_saved_variables();
  return {context.needs_input_grad(0) ? matrix_product(gradient, saved[1]) : at::Tensor(),
          context.needs_input_grad(1) ? matrix_product(gradient.t(), saved[0]) : at::Tensor()};
}

class DenseProduct : public torch::autograd::Function<DenseProduct> {
 public:
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& x, const at::Tensor& weight) {
    context->save_for_backward({x, weight});
    return by_onednn(x, weight, std::nullopt);
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    return gradients_of(*context, gradients[0].contiguous());
  }
};

class BiasedProduct : public torch::autograd::Function<BiasedProduct> {
 public:
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& x, const at::Tensor& weight,
                            const at::Tensor& bias) {
    context->save_for_backward({x, weight});
    return by_onednn(x, weight, bias);
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    const at::Tensor gradient = gradients[0].contiguous();
    torch::autograd::variable_list found = gradients_of(*context, gradient);
    found.push_back(context->needs_input_grad(2) ? at::sum(gradient, 0) : at::Tensor());
    return found;
  }
};

}  // namespace

at::Tensor matrix_product(const at::Tensor& a, const at::Tensor& b) {
  return is_faster(a, b) ? by_onednn(a, b.t(), std::nullopt) : at::mm(a, b);
}

at::Tensor dense_product(const at::Tensor& x, const at::Tensor& weight, const Optional& bias) {
  const bool plain = is_faster(x, weight) && !at::autocast::is_autocast_enabled(at::kCPU) && x.dim() >= 2 &&
                     weight.dim() == 2 && x.size(-1) == weight.size(1) && (!bias || is_plain(*bias));
  if (!plain) return at::linear(x, weight, bias);
  const at::Tensor rows = x.dim() == 2 ? x : x.reshape({-1, x.size(-1)});
  const at::Tensor result = bias ? BiasedProduct::apply(rows, weight, *bias) : DenseProduct::apply(rows, weight);
  if (x.dim() == 2) return result;
  std::vector<std::int64_t> shape = x.sizes().vec();
  shape.back() = weight.size(0);
  return result.reshape(shape);
}

}  // namespace enxerto
