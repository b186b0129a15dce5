#include "enxerto/engine/torch/operator.h"

#include <ATen/ATen.h>
#include <c10/util/StringUtil.h>

#include <array>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

using Families = std::array<std::span<const OperatorRow>, 18>;

const Families& families() {
  static const Families all{convolution_operators(), norm_operators(),      activation_operators(),
                            arithmetic_operators(),  pool_operators(),      matrix_operators(),
                            layout_operators(),      shape_operators(),     reduce_operators(),
                            function_operators(),    logic_operators(),     index_operators(),
                            scatter_operators(),     resize_operators(),    chance_operators(),
                            quantize_operators(),    recurrent_operators(), ctc_operators()};
  return all;
}

const OperatorRow* find_row(std::string_view op) {
  for (const std::span<const OperatorRow> family : families())
    for (const OperatorRow& row : family)
      if (row.op == op) return &row;
  for (const std::span<const OperatorRow> family :
       {fused_operators(), word_operators(), chosen_word_operators(), block_operators()})
    for (const OperatorRow& row : family)
      if (row.op == op) return &row;
  return nullptr;
}

template <typename T>
Ints widen(const Tensor& tensor) {
  const std::span<const T> values = tensor.as<T>();
  return {values.begin(), values.end()};
}

}  // namespace

Operation make_operation(const Site& site) {
  const OperatorRow* row = find_row(site.node.op);
  if (row == nullptr)
    refuse_node(site.node, "an operator that the training engine does not have", "one of docs/operators.md");
  return row->make(site);
}

std::vector<std::string_view> training_operators() {
  std::vector<std::string_view> names;
  for (const std::span<const OperatorRow> family : families())
    for (const OperatorRow& row : family) names.push_back(row.op);
  return names;
}

void refuse_node(const Node& node, std::string found, std::string expected) {
  throw weights_error(c10::str("node '", node.name, "' (", node.op, ")"), std::move(found), std::move(expected));
}

IntsInput::IntsInput(const Site& site, std::size_t slot) : slot_(slot), given_(site.has(slot)) {
  const Tensor* const constant = site.constant(slot);
  if (constant == nullptr) return;
  if (constant->dtype() == DType::i64)
    known_ = widen<std::int64_t>(*constant);
  else if (constant->dtype() == DType::i32)
    known_ = widen<std::int32_t>(*constant);
  else
    refuse_node(site.node, c10::str("input ", slot, " of type ", name_of(constant->dtype())), "int64 or int32");
  constant_ = true;
}

Ints IntsInput::read(const Call& call) const {
  if (!given_ || constant_) return known_;
  const at::Tensor numbers = call.in[slot_].to(at::kCPU, at::kLong).contiguous();
  const auto* const first = numbers.const_data_ptr<std::int64_t>();
  return {first, first + numbers.numel()};
}

std::int64_t axis_from_front(std::int64_t axis, std::int64_t rank) {
  TORCH_CHECK(axis >= -rank && axis < rank, "axis ", axis, " of ", rank, " dimensions");
  return axis < 0 ? axis + rank : axis;
}

at::Tensor widened(const at::Tensor& tensor) {
  return tensor.scalar_type() == at::kBFloat16 ? tensor.to(at::kFloat) : tensor;
}

}  // namespace enxerto
