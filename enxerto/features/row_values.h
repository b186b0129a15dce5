#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "enxerto/base/padding.h"
#include "enxerto/base/row_layout.h"
#include "enxerto/base/tensor_map.h"
#include "enxerto/graph/graph.h"
#include "enxerto/graph/symbol_size.h"

namespace enxerto {

/// What is kept of each example: the outputs of a prefix, and how one example's are cut out of a batch of them.
class RowValues {
 public:
  /// `inputs` are those that the preprocessing gives. Without nodes the values are the inputs that `prefix` names as
  /// its outputs, or all. Throws Error{weights} for an input of the prefix that is not given or has another shape, and
  /// for an output that is not one of each example or whose length does not follow from those of the inputs.
  RowValues(const Graph& prefix, std::span<const InputSpec> inputs);

  const RowLayout& layout() const { return layout_; }

  /// The sizes of the prefix's symbols for one example, of whose inputs these are the shapes, in their order.
  SymbolSizes lengths(std::span<const Shape> shapes) const;

  /// The shapes of one example's values.
  std::vector<Shape> shapes(const SymbolSizes& lengths) const;

  /// The values of example number `example` of a batch, in the layout's order, as long as the example is. What is fixed
  /// shares the batch's memory.
  std::vector<Tensor> of(const TensorMap& batch, std::size_t example, const SymbolSizes& lengths) const;

 private:
  void hand_through(const Graph& prefix, std::span<const InputSpec> inputs);
  void add_input(const Value& value, std::size_t number, const InputSpec& spec);
  void add_output(const Value& output, std::span<const InputSpec> inputs);

  /// A symbol whose size is that of a dimension of an input that varies.
  struct Binding {
    std::string symbol;
    std::size_t input = 0, dimension = 0;
  };

  std::string where_;
  std::string batch_;  // the symbol that counts examples
  SymbolSizes fixed_;  // of symbols that do not vary from example to example
  std::vector<Binding> bindings_;
  RowLayout layout_;
  std::vector<SymbolicShape> shapes_;  // of each value, without the batch
};

/// The buckets that the varying dimensions of one example's inputs fall into: examples with equal ones make a batch, so
/// that a row does not depend on which others were in it.
std::vector<std::int64_t> buckets_of(std::span<const InputSpec> inputs, std::span<const Shape> shapes,
                                     const PadOptions& options);

}  // namespace enxerto
