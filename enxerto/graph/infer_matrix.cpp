#include <array>

#include "enxerto/graph/attributes.h"
#include "enxerto/graph/infer_rules.h"

namespace enxerto {
namespace {

[[noreturn]] void fail_product(const Node& node, const SymbolicShape& a, const SymbolicShape& b) {
  fail_inference(node, to_string(a) + " and " + to_string(b), "matrices whose inner sizes are equal");
}

std::vector<ValueType> gemm(const Node& node, std::span<const InferInput> inputs) {
  const ValueType& a = input_type(node, inputs, 0);
  const ValueType& b = input_type(node, inputs, 1);
  if (a.shape.size() != 2 || b.shape.size() != 2) fail_product(node, a.shape, b.shape);
  const bool trans_a = attribute<std::int64_t>(node, "transA", 0) != 0;
  const bool trans_b = attribute<std::int64_t>(node, "transB", 0) != 0;
  if (a.shape[trans_a ? 0 : 1] != b.shape[trans_b ? 1 : 0]) fail_product(node, a.shape, b.shape);
  SymbolicShape shape{a.shape[trans_a ? 1 : 0], b.shape[trans_b ? 0 : 1]};
  if (inputs.size() > 2 && inputs[2].type != nullptr && broadcast(node, shape, inputs[2].type->shape) != shape) {
    fail_inference(node, "a bias of shape " + to_string(inputs[2].type->shape),
                   "a shape that broadcasts to the output");
  }
  return {{a.dtype, std::move(shape)}};
}

/// numpy's matmul: a vector is a row on the left and a column on the right, and that dimension goes again.
std::vector<ValueType> matmul(const Node& node, std::span<const InferInput> inputs) {
  const DType dtype = input_type(node, inputs, 0).dtype;
  SymbolicShape a = input_type(node, inputs, 0).shape;
  SymbolicShape b = input_type(node, inputs, 1).shape;
  const bool row = a.size() == 1;
  const bool column = b.size() == 1;
  if (row) a.insert(a.begin(), 1);
  if (column) b.emplace_back(1);
  if (a.size() < 2 || b.size() < 2 || a.back() != b[b.size() - 2]) fail_product(node, a, b);
  SymbolicShape shape = broadcast(node, {a.begin(), a.end() - 2}, {b.begin(), b.end() - 2});
  if (!row) shape.push_back(a[a.size() - 2]);
  if (!column) shape.push_back(b.back());
  return {{dtype, std::move(shape)}};
}

constexpr std::array kInferMatrixRows{InferRow{"Gemm", gemm}, InferRow{"MatMul", matmul}};

}  // namespace

std::span<const InferRow> matrix_rules() { return kInferMatrixRows; }

}  // namespace enxerto
