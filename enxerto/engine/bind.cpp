#include "enxerto/engine/bind.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

std::set<std::string> symbols_of(const Graph& graph) {
  std::set<std::string> symbols;
  for (const Value& input : graph.inputs)
    for (const Dim& dim : input.shape)
      if (dim.is_symbolic()) symbols.insert(dim.symbol);
  return symbols;
}

[[noreturn]] void refuse(const Value& value, const Tensor& tensor, const std::string& why) {
  throw data_error(fmt::format("input '{}'", value.name),
                   fmt::format("{} {}{}", name_of(tensor.dtype()), to_string(tensor.shape()), why),
                   fmt::format("{} {}", name_of(value.dtype), to_string(value.shape)));
}

[[noreturn]] void refuse_missing(const Value& value, const TensorMap& inputs) {
  std::vector<std::string> names;
  for (const auto& [name, tensor] : inputs) names.push_back(name);
  throw data_error(fmt::format("input '{}'", value.name),
                   fmt::format("{} inputs: {}", names.size(), fmt::join(names, ", ")),
                   fmt::format("{} {}", name_of(value.dtype), to_string(value.shape)));
}

void add_sizes(const Value& value, const Tensor& tensor, SymbolSizes& sizes) {
  if (tensor.dtype() != value.dtype || tensor.shape().size() != value.shape.size()) refuse(value, tensor, "");
  for (std::size_t d = 0; d < value.shape.size(); ++d) {
    const Dim& dim = value.shape[d];
    const std::int64_t size = tensor.shape()[d];
    if (size < 1) refuse(value, tensor, ", which is empty");
    if (!dim.is_symbolic()) {
      if (size != dim.size) refuse(value, tensor, "");
      continue;
    }
    const auto [known, is_new] = sizes.try_emplace(dim.symbol, size);
    if (!is_new && known->second != size)
      refuse(value, tensor, fmt::format(", but '{}' is {} elsewhere", dim.symbol, known->second));
  }
}

}  // namespace

std::vector<Tensor> in_order(const Graph& graph, const TensorMap& inputs) {
  std::vector<Tensor> ordered;
  ordered.reserve(graph.inputs.size());
  for (const Value& value : graph.inputs) {
    const Tensor* found = inputs.find(value.name);
    if (found == nullptr) refuse_missing(value, inputs);
    ordered.push_back(*found);
  }
  return ordered;
}

SymbolSizes symbol_sizes(const Graph& graph, const std::vector<Tensor>& inputs) {
  SymbolSizes sizes;
  for (std::size_t i = 0; i < graph.inputs.size(); ++i) add_sizes(graph.inputs[i], inputs.at(i), sizes);
  return sizes;
}

std::string only_symbol(const Graph& graph) {
  const std::set<std::string> symbols = symbols_of(graph);
  return symbols.size() == 1 ? *symbols.begin() : "";
}

bool has_symbols(const Graph& graph) { return !symbols_of(graph).empty(); }

Graph bind(const Graph& graph, const SymbolSizes& sizes) {
  Graph bound = graph;
  const auto replace = [&](std::vector<Value>& values) {
    for (Value& value : values)
      for (Dim& dim : value.shape)
        if (const auto found = sizes.find(dim.symbol); dim.is_symbolic() && found != sizes.end()) dim = found->second;
  };
  replace(bound.inputs);
  replace(bound.outputs);
  return bound;
}

}  // namespace enxerto
