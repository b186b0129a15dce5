#include "enxerto/graph/free_batch.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <unordered_map>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/to_size.h"
#include "enxerto/graph/attributes.h"
#include "enxerto/graph/fold_shapes.h"
#include "enxerto/graph/inference.h"

namespace enxerto {
namespace {

using Ints = std::vector<std::int64_t>;

/// nullopt where a size is not known.
std::optional<Ints> fixed(const SymbolicShape& shape) {
  Ints sizes;
  for (const Dim& dim : shape) {
    if (dim.is_symbolic()) return std::nullopt;
    sizes.push_back(dim.size);
  }
  return sizes;
}

/// The one axis of `shape` whose size follows from the number of examples.
std::optional<std::size_t> free_axis(const SymbolicShape& shape) {
  const auto is_free = [](const Dim& dim) { return dim.is_symbolic(); };
  if (std::count_if(shape.begin(), shape.end(), is_free) != 1) return std::nullopt;
  return to_size(std::find_if(shape.begin(), shape.end(), is_free) - shape.begin());
}

std::int64_t product_before(const Ints& sizes, std::size_t axis) {
  std::int64_t product = 1;
  for (std::size_t i = 0; i < axis; ++i) product *= sizes[i];
  return product;
}

/// The axis of `to` that takes up the examples that were at `axis` of `from`. As many elements stand before it; with
/// one example that leaves a choice, which the sizes around it make as the layouts (N, C, ..) and (length, N, ..) do.
std::optional<std::size_t> place_in(const Ints& from, std::size_t axis, const Ints& to) {
  const bool merges = axis > 0 && to.size() < from.size() && axis <= to.size() &&
                      to[axis - 1] == from[axis - 1] * from[axis] &&
                      product_before(to, axis - 1) == product_before(from, axis - 1);
  if (merges) return axis - 1;  // (length, N, heads, C) to (length * N, heads * C)
  const std::int64_t before = product_before(from, axis);
  const bool same_axis = axis < to.size() && product_before(to, axis) == before;
  const bool splits = same_axis && axis + 1 < to.size() && to.size() == from.size() + 1 && to[axis] == from[axis] &&
                      to[axis + 1] == 1 && from[axis] != 1;
  if (splits) return axis + 1;  // (length * N, C) to (length, N, C), N = 1
  if (same_axis && to[axis] % from[axis] == 0) return axis;
  for (std::size_t i = 0; i < to.size(); ++i)
    if (product_before(to, i) == before) return i;
  return std::nullopt;
}

bool is_open(const Graph& graph) {
  return std::ranges::any_of(graph.inputs,
                             [](const Value& input) { return !input.shape.empty() && input.shape[0].is_symbolic(); });
}

/// The same network for one example, where the number of them is open.
Graph with_one_example(Graph graph) {
  for (Value& input : graph.inputs)
    if (!input.shape.empty() && input.shape[0].is_symbolic()) input.shape[0] = std::int64_t{1};
  return graph;
}

/// Of the network for one example, where the number of them is open and it runs with one; of the network as it is
/// otherwise.
ValueTypes types_of_one(const Graph& graph) {
  if (is_open(graph)) {
    try {
      return infer_shapes(with_one_example(graph));
    } catch (const Error&) {
      // Then what it says of any number of examples is all there is.
    }
  }
  return infer_shapes(graph);
}

/// The numbers of the first example, where those of each example are `size` more than of the one before it: indices
/// into a value whose examples lie one behind the other.
std::optional<Ints> indices_of_one(const Tensor& indices, std::int64_t examples, std::int64_t size) {
  if (indices.dtype() != DType::i64 || indices.shape().empty() || indices.shape()[0] != examples || examples < 1)
    return std::nullopt;
  const auto all = indices.as<std::int64_t>();
  const std::size_t each = all.size() / to_size(examples);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::int64_t first = all[i % each];
    if (first < 0 || first >= size || all[i] != first + static_cast<std::int64_t>(i / each) * size) return std::nullopt;
  }
  return Ints(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(each));
}

class Freeing {
 public:
  Freeing(const Graph& graph, const std::string& symbol)
      : open_(is_open(graph)), before_(types_of_one(graph)), result_(graph) {
    result_.nodes.clear();
    for (const auto& [name, tensor] : graph.parameters) now_.add_parameter(name, tensor);
    for (Value& input : result_.inputs) {
      if (!input.shape.empty()) input.shape[0] = symbol;
      now_.add_input(input);
    }
  }

  void add(Node node) {
    if (node.op == "Reshape") free_reshape(node);
    if (node.op == "Expand") free_expand(node);
    if (node.op == "Concat") free_concat(node);
    if (node.op == "Gather") free_gather(node);
    emit(std::move(node));
  }

  Graph finish() && {
    for (Value& output : result_.outputs) output.shape = now_.type(output.name)->shape;
    return std::move(result_);
  }

 private:
  void emit(Node node) {
    now_.add(node);
    result_.nodes.push_back(std::move(node));
  }

  std::string constant(const Node& node, std::string_view role, const Ints& values) {
    std::string name = fmt::format("{}/{}", node.name, role);
    const Shape shape{static_cast<std::int64_t>(values.size())};
    emit({name, "Constant", node.stage, {}, {name}, {{"value", Tensor::of<std::int64_t>(shape, values)}}});
    return name;
  }

  void free_reshape(Node& node) {
    const Numbers* wanted = now_.numbers(node.inputs.at(1));
    const SymbolicShape& x = now_.type(node.inputs[0])->shape;
    const auto axis = free_axis(x);
    const auto from = fixed(before_.at(node.inputs[0]).shape);
    auto to = fixed(before_.at(node.outputs[0]).shape);
    if (wanted == nullptr || !wanted->is_fixed() || !axis || !from || !to) return;
    if (axis == 0 && to->size() == 1) flat_[node.outputs[0]] = node.inputs[0];
    const auto place = place_in(*from, *axis, *to);
    if (!place || is_right(*wanted)) return;
    const bool copied = place == axis && (*to)[*place] == (*from)[*axis];
    (*to)[*place] = copied ? 0 : -1;
    node.attributes.erase("allowzero");
    node.inputs[1] = constant(node, "free_shape", *to);
  }

  /// Whether a Reshape of a file for any number of examples may leave them open: where it has a -1 or a 0.
  bool is_right(const Numbers& wanted) const {
    return open_ && std::ranges::any_of(wanted.values, [](const Number& number) { return number.value < 1; });
  }

  /// Elements of all examples taken by number, as torch's as_strided is written: for each example by its own numbers.
  void free_gather(Node& node) {
    const auto flat = flat_.find(node.inputs.at(0));
    const Tensor* indices = now_.constant(node.inputs.at(1));
    if (flat == flat_.end() || indices == nullptr) return;
    const auto from = fixed(before_.at(flat->second).shape);
    const std::int64_t size = product_before(*from, from->size()) / from->front();
    const auto own = indices_of_one(*indices, from->front(), size);
    if (!own) return;
    Ints shape = indices->shape();
    shape.front() = 0;
    Ints in_order(to_size(size));
    std::iota(in_order.begin(), in_order.end(), 0);
    if (*own != in_order) {
      const std::string rows = fmt::format("{}/rows", node.name);
      emit({rows, "Reshape", node.stage, {flat->second, constant(node, "rows_shape", {0, -1})}, {rows}, {}});
      const std::string taken = fmt::format("{}/taken", node.name);
      emit({taken, "Gather", node.stage, {rows, constant(node, "own", *own)}, {taken}, {{"axis", std::int64_t{1}}}});
      node.inputs = {taken, constant(node, "free_shape", shape)};
    } else {
      node.inputs = {flat->second, constant(node, "free_shape", shape)};
    }
    node.op = "Reshape";
    node.attributes.clear();
  }

  /// One row for all examples stays one row: whatever takes it stretches it.
  void free_expand(Node& node) {
    const Numbers* wanted = now_.numbers(node.inputs.at(1));
    const auto from = fixed(before_.at(node.inputs[0]).shape);
    const auto to = fixed(before_.at(node.outputs[0]).shape);
    if (wanted == nullptr || !wanted->is_fixed() || !from || !to || from->size() != to->size()) return;
    Ints shape = *to;
    if (!shape.empty() && (*from)[0] == 1) shape[0] = 1;
    node.inputs[1] = constant(node, "free_shape", shape);
  }

  /// Parts that are the same for all examples (a class token) are repeated for each.
  void free_concat(Node& node) {
    std::string leader;
    std::optional<std::size_t> axis;
    for (const std::string& input : node.inputs) {
      axis = free_axis(now_.type(input)->shape);
      leader = input;
      if (axis) break;
    }
    if (!axis) return;
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
      const SymbolicShape shape = now_.type(node.inputs[i])->shape;
      if (free_axis(shape) || shape.size() <= *axis || shape[*axis] != Dim(1)) continue;
      const std::string count = fmt::format("{}/count{}", node.name, i);
      const auto at = static_cast<std::int64_t>(*axis);
      emit({count, "Shape", node.stage, {leader}, {count}, {{"start", at}, {"end", at + 1}}});
      std::vector<std::string> sizes;
      for (std::size_t d = 0; d < shape.size(); ++d)
        sizes.push_back(d == *axis ? count : constant(node, fmt::format("size{}_{}", i, d), {shape[d].size}));
      const std::string target = fmt::format("{}/target{}", node.name, i);
      emit({target, "Concat", node.stage, sizes, {target}, {{"axis", std::int64_t{0}}}});
      const std::string repeated = fmt::format("{}/repeated{}", node.name, i);
      emit({repeated, "Expand", node.stage, {node.inputs[i], target}, {repeated}, {}});
      node.inputs[i] = repeated;
    }
  }

  const bool open_;
  const ValueTypes before_;
  std::unordered_map<std::string, std::string> flat_;  // what was before a Reshape to one row of all its elements
  Graph result_;
  Inference now_;
};

}  // namespace

Graph with_free_batch(const Graph& graph, const std::string& symbol) {
  Freeing freeing(graph, symbol);
  for (const Node& node : graph.nodes) freeing.add(node);
  return fold_shapes(std::move(freeing).finish());
}

}  // namespace enxerto
