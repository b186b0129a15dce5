#include "enxerto/graph/fingerprint.h"

#include <bit>
#include <string_view>
#include <unordered_map>

namespace enxerto {
namespace {

using Hashes = std::unordered_map<std::string_view, Hash128>;

void add(Hash128Stream& stream, const SymbolicShape& shape) {
  stream.add(shape.size());
  for (const Dim& dim : shape) {
    stream.add(std::string_view(dim.symbol));
    if (!dim.is_symbolic()) stream.add(static_cast<std::uint64_t>(dim.size));
  }
}

Hash128 hash_of(const Tensor& tensor) {
  Hash128Stream stream;
  stream.add(name_of(tensor.dtype())).add(tensor.shape().size());
  for (const std::int64_t size : tensor.shape()) stream.add(static_cast<std::uint64_t>(size));
  // One-shot hashing of the bytes is twice as fast as the stream.
  return stream.add(hash128(tensor.bytes())).value();
}

struct AddAttribute {
  Hash128Stream& stream;

  void operator()(std::int64_t value) const { stream.add(static_cast<std::uint64_t>(value)); }
  void operator()(float value) const { stream.add(std::uint64_t{std::bit_cast<std::uint32_t>(value)}); }
  void operator()(const std::string& value) const { stream.add(std::string_view(value)); }
  void operator()(const Tensor& value) const { stream.add(hash_of(value)); }
  template <typename T>
  void operator()(const std::vector<T>& values) const {
    stream.add(values.size());
    for (const T& value : values) (*this)(value);
  }
};

Hash128 hash_of(const Node& node, const Hashes& known) {
  Hash128Stream stream;
  stream.add(std::string_view(node.op)).add(node.attributes.size());
  for (const auto& [name, value] : node.attributes) {
    stream.add(std::string_view(name)).add(value.index());
    std::visit(AddAttribute{stream}, value);
  }
  stream.add(node.inputs.size());
  for (const std::string& input : node.inputs) {
    const auto hash = known.find(input);
    stream.add(hash == known.end() ? Hash128{} : hash->second);
  }
  return stream.value();
}

}  // namespace

Hash128 fingerprint(const Graph& graph) {
  Hashes known;
  Hash128Stream whole;
  whole.add(graph.inputs.size());
  for (std::size_t i = 0; i < graph.inputs.size(); ++i) {
    const Value& input = graph.inputs[i];
    Hash128Stream stream;
    stream.add(std::string_view("input")).add(i).add(name_of(input.dtype));
    add(stream, input.shape);
    known[input.name] = stream.value();
    whole.add(known[input.name]);
  }
  for (const auto& [name, tensor] : graph.parameters) known[name] = hash_of(tensor);
  for (const Node& node : graph.nodes) {
    const Hash128 hash = hash_of(node, known);
    for (std::size_t i = 0; i < node.outputs.size(); ++i) {
      known[node.outputs[i]] = Hash128Stream().add(hash).add(i).value();
    }
  }
  whole.add(graph.outputs.size());
  for (const Value& output : graph.outputs) {
    const auto hash = known.find(output.name);
    whole.add(hash == known.end() ? Hash128{} : hash->second);
  }
  return whole.value();
}

}  // namespace enxerto
