#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/graph/infer.h"

namespace enxerto {

/// How the outputs of one operation follow from its inputs.
using InferRule = std::vector<ValueType> (*)(const Node& node, std::span<const InferInput> inputs);
struct InferRow {
  std::string_view op;
  InferRule rule;
};

/// The rows, one family of operations a file.
std::span<const InferRow> elementwise_rules();
std::span<const InferRow> window_rules();  ///< convolution and pooling
std::span<const InferRow> matrix_rules();  ///< Gemm, MatMul
std::span<const InferRow> layout_rules();  ///< what moves elements or changes the shape
std::span<const InferRow> unary_rules();   ///< one input, the same shape
std::span<const InferRow> logic_rules();   ///< comparisons, truths, casts
std::span<const InferRow> index_rules();   ///< operators that select elements by position
std::span<const InferRow> shape_rules();   ///< what is made from a shape, or is one
std::span<const InferRow> reduce_rules();  ///< sums, means, extremes over axes
std::span<const InferRow> resample_rules();
std::span<const InferRow> einsum_rules();
std::span<const InferRow> select_rules();  ///< Gather, Split
std::span<const InferRow> recurrent_rules();
std::span<const InferRow> training_rules();  ///< what stands in losses alone

/// Throws Error{weights} that names the node.
[[noreturn]] void fail_inference(const Node& node, std::string found, std::string expected);

/// The type of a required input, the value of one that must be known, its whole numbers, and its numbers
/// with those that are symbols.
const ValueType& input_type(const Node& node, std::span<const InferInput> inputs, std::size_t slot);
const Tensor& input_constant(const Node& node, std::span<const InferInput> inputs, std::size_t slot);
std::vector<std::int64_t> input_numbers(const Node& node, std::span<const InferInput> inputs, std::size_t slot);
std::vector<Number> input_symbols(const Node& node, std::span<const InferInput> inputs, std::size_t slot);

/// True for an optional input that is present.
bool has_input(std::span<const InferInput> inputs, std::size_t slot);

/// The type that Cast's attribute `to` names by ONNX's number; nullopt for one that is not held here.
std::optional<DType> cast_type(const Node& node);

/// An axis counted from the front, for a value of `rank` dimensions.
std::size_t axis_of(const Node& node, std::int64_t axis, std::size_t rank);

/// Wide enough that sums and products of sizes cannot overflow.
__extension__ typedef __int128 Wide;  // NOLINT(modernize-use-using): has no __extension__

/// The size, or Error{weights} where the number is negative or beyond 2^62: nothing larger is a size.
std::int64_t checked_size(const Node& node, Wide size);

/// Product of dimensions: a size, one symbol, or the symbols and the size as "batch*49".
Dim product(const Node& node, std::span<const Dim> dims);

/// The shape that both stretch to (numpy's rule).
SymbolicShape broadcast(const Node& node, const SymbolicShape& a, const SymbolicShape& b);

}  // namespace enxerto
