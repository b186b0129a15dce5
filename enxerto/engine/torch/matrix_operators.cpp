#include <ATen/ATen.h>

#include <array>
#include <optional>

#include "enxerto/engine/torch/operator.h"
#include "enxerto/engine/torch/products.h"
#include "enxerto/graph/attributes.h"

namespace enxerto {
namespace {

Operation gemm(const Site& site) {
  const auto alpha = static_cast<double>(attribute<float>(site.node, "alpha", 1));
  const auto beta = static_cast<double>(attribute<float>(site.node, "beta", 1));
  const bool trans_a = attribute<std::int64_t>(site.node, "transA", 0) != 0;
  const bool trans_b = attribute<std::int64_t>(site.node, "transB", 0) != 0;
  return [=](Call& call) {
    const at::Tensor a = trans_a ? call.in[0].t() : call.in[0];
    const at::Tensor columns = trans_b ? call.in[1] : call.in[1].t();  // as a dense layer holds them: (out, in)
    const bool has_bias = call.in.size() > 2 && call.in[2].defined();
    const bool is_dense = alpha == 1 && (!has_bias || (beta == 1 && call.in[2].dim() == 1));
    if (is_dense && (!has_bias || call.in[2].size(0) == columns.size(0))) {
      call.out[0] = dense_product(a, columns, has_bias ? std::optional(call.in[2]) : std::nullopt);
      return;
    }
    const at::Tensor product = at::mul(at::matmul(a, columns.t()), alpha);
    call.out[0] = has_bias ? at::add(product, call.in[2], beta) : product;
  };
}

/// Of a batch of rows and one matrix: a dense layer without a bias.
at::Tensor rows_by_matrix(const at::Tensor& a, const at::Tensor& b) {
  return b.dim() == 2 && a.dim() >= 2 ? dense_product(a, b.t(), std::nullopt) : at::matmul(a, b);
}

Operation einsum(const Site& site) {
  return [equation = required_attribute<std::string>(site.node, "equation")](Call& call) {
    call.out[0] = at::einsum(equation, at::TensorList(call.in.data(), call.in.size()));
  };
}

constexpr std::array kMatrixOperators{
    OperatorRow{"Gemm", gemm},
    OperatorRow{"MatMul", binary<rows_by_matrix>},
    OperatorRow{"Einsum", einsum},
};

}  // namespace

std::span<const OperatorRow> matrix_operators() { return kMatrixOperators; }

}  // namespace enxerto
