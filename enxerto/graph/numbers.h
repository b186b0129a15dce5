#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "enxerto/graph/graph.h"

namespace enxerto {

struct InferInput;

/// A number that a network computes from shapes: known, or a symbol such as "batch*49". Wide enough for each int64.
struct Number {
  long double value = 0;  ///< meaningless where `symbol` is set
  std::string symbol;

  bool is_symbolic() const { return !symbol.empty(); }
  bool operator==(const Number&) const = default;
};

/// A small tensor of them, row-major: what `Shape`, `Gather`, `Concat` and their like pass on to `Reshape`.
struct Numbers {
  DType dtype = DType::i64;  ///< f64, f32, i64, i32 or boolean
  Shape shape;
  std::vector<Number> values;

  bool is_fixed() const;  ///< no symbol in it
};

/// Larger tensors are data, not shapes.
inline constexpr std::size_t kMostNumbers = 4096;

/// nullopt for a tensor that is too large, or of another type.
std::optional<Numbers> numbers_of(const Tensor& tensor);

/// The tensor of numbers that are fixed.
Tensor to_tensor(const Numbers& numbers);

Number number_of(const Dim& dim);

/// nullopt for a negative number or a fraction.
std::optional<Dim> dim_of(const Number& number);

/// What the node's one output is, where it follows from shapes and numbers alone; nullopt where it does not, where the
/// operation has no row in the table, and where its inputs are not as ONNX requires them. Never throws for those.
std::optional<Numbers> evaluate(const Node& node, std::span<const InferInput> inputs);

}  // namespace enxerto
