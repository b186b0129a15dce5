#pragma once
#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/base/tensor.h"
#include "enxerto/engine/torch/graph_runner.h"
#include "enxerto/graph/graph.h"

namespace enxerto {

/// One run of one node.
struct Call {
  std::span<at::Tensor> in;  ///< undefined for an optional input that is left out
  std::span<at::Tensor> out;
  const RunMode& mode;
};

/// A node that is ready to run: its attributes are read.
using Operation = std::function<void(Call& call)>;

/// Where a node stands, for whoever makes its operation.
struct Site {
  const Node& node;
  std::size_t position = 0;              ///< in the graph
  std::vector<const Tensor*> constants;  ///< an input's value where it never changes, else nullptr
  std::vector<bool> may_overwrite;  ///< inputs that nothing else needs, not even a gradient: to be written in place

  bool has(std::size_t slot) const { return slot < node.inputs.size() && !node.inputs[slot].empty(); }
  const Tensor* constant(std::size_t slot) const { return slot < constants.size() ? constants[slot] : nullptr; }
  bool overwrites(std::size_t slot) const { return slot < may_overwrite.size() && may_overwrite[slot]; }
};

/// Reads a node's attributes. Throws Error{weights} for those that cannot be run.
using MakeOperation = Operation (*)(const Site& site);
struct OperatorRow {
  std::string_view op;
  MakeOperation make;
};

/// The rows, one family of operators a file.
std::span<const OperatorRow> arithmetic_operators();
std::span<const OperatorRow> function_operators();    ///< one input, element by element, without a parameter
std::span<const OperatorRow> activation_operators();  ///< element by element, with parameters
std::span<const OperatorRow> logic_operators();
std::span<const OperatorRow> convolution_operators();
std::span<const OperatorRow> pool_operators();
std::span<const OperatorRow> norm_operators();
std::span<const OperatorRow> matrix_operators();
std::span<const OperatorRow> layout_operators();
std::span<const OperatorRow> index_operators();
std::span<const OperatorRow> scatter_operators();
std::span<const OperatorRow> shape_operators();
std::span<const OperatorRow> reduce_operators();
std::span<const OperatorRow> resize_operators();
std::span<const OperatorRow> chance_operators();  ///< what draws random numbers
std::span<const OperatorRow> quantize_operators();
std::span<const OperatorRow> recurrent_operators();
std::span<const OperatorRow> ctc_operators();          ///< of losses over sequences
std::span<const OperatorRow> fused_operators();        ///< of no file: what this engine makes of several of them
std::span<const OperatorRow> word_operators();         ///< such of a vocabulary
std::span<const OperatorRow> chosen_word_operators();  ///< .. where labels choose a word of each row
std::span<const OperatorRow> block_operators();        ///< such of the blocks of transformers

/// Throws Error{weights} naming the node where no row has its operator.
Operation make_operation(const Site& site);

/// The names in all rows.
std::vector<std::string_view> training_operators();

/// Throws Error{weights} that names the node.
[[noreturn]] void refuse_node(const Node& node, std::string found, std::string expected);

/// Whole numbers that an input holds, read once where it is a constant.
using Ints = std::vector<std::int64_t>;
class IntsInput {
 public:
  IntsInput(const Site& site, std::size_t slot);
  bool given() const { return given_; }
  Ints read(const Call& call) const;  ///< empty where it is left out

 private:
  std::size_t slot_;
  bool given_, constant_ = false;
  Ints known_;
};

/// The axis counted from the front. Throws c10::Error for one that is not there.
std::int64_t axis_from_front(std::int64_t axis, std::int64_t rank);

/// float32 in place of bfloat16: for what loses too much in it (sums, exponentials, logarithms).
at::Tensor widened(const at::Tensor& tensor);

/// An operation of one output that is a function of its inputs.
template <at::Tensor (*Function)(const at::Tensor&)>
Operation unary(const Site& /*site*/) {
  return [](Call& call) { call.out[0] = Function(call.in[0]); };
}
template <at::Tensor (*Function)(const at::Tensor&, const at::Tensor&)>
Operation binary(const Site& /*site*/) {
  return [](Call& call) { call.out[0] = Function(call.in[0], call.in[1]); };
}

}  // namespace enxerto
