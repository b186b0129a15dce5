#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "enxerto/base/input_spec.h"
#include "enxerto/graph/infer.h"
#include "enxerto/graph/symbol_size.h"

namespace enxerto {

/// What crosses a cut of one graph, at any position. A value that parameter-free, non-random nodes alone make from
/// inputs (an attention mask), no convolution among them, does not cross where its inputs can cross instead without
/// being larger, and never where its length varies: padding is known of inputs alone. Sizes are bytes for one example,
/// each other symbol counting as `kUsualLength`.
class Crossing {
 public:
  /// `graph` must outlive it.
  explicit Crossing(const Graph& graph) : Crossing(graph, infer_shapes(graph)) {}

  /// Of a network whose parameters are not there yet.
  Crossing(const Graph& graph, ValueTypes types);

  /// Names of the values before node number `position`, in the order in which they are defined.
  std::vector<std::string> at(std::size_t position) const;

  /// Bytes for one example of what crosses there.
  std::size_t bytes_at(std::size_t position) const;

  const ValueTypes& types() const { return types_; }

  /// Values that depend on an input of the graph, the inputs themselves among them.
  using Names = std::unordered_set<std::string_view>;
  const Names& varying() const { return varying_; }

 private:
  void find_plain();
  Names used_behind(std::size_t position) const;
  void put_inputs_in_place(Names& crossing) const;
  bool varies(std::string_view name) const;
  std::size_t bytes_of(std::string_view name) const;

  const Graph& graph_;
  ValueTypes types_;
  SymbolSizes sizes_;
  Names inputs_, varying_;
  std::vector<std::string_view> order_;
  std::unordered_map<std::string_view, std::vector<std::string_view>> plain_;  // the inputs that each is made from
};

}  // namespace enxerto
