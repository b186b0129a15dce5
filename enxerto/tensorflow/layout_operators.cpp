#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/to_size.h"
#include "enxerto/tensorflow/operators.h"

namespace enxerto {
namespace {

using Ints = NodeWriter::Ints;

std::int64_t signed_size(std::size_t size) { return static_cast<std::int64_t>(size); }

void same(const TfNode& node, NodeWriter& writer) { writer.give(node, 0, writer.input(node, 0)); }

/// Only the order of dimensions changes.
void transpose(const TfNode& node, NodeWriter& writer) {
  HeldValue x = writer.input(node, 0);
  const std::size_t rank = writer.rank(x);
  const Ints axes = writer.integers(node, 1);
  std::vector<std::size_t> permutation;
  for (const std::int64_t axis : axes) permutation.push_back(axis_of(node, axis, rank));
  std::vector<std::size_t> sorted = permutation;
  std::ranges::sort(sorted);
  for (std::size_t i = 0; i < sorted.size(); ++i)
    if (sorted[i] != i || sorted.size() != rank) refuse_node(node, "no permutation", "each dimension once");
  if (sorted.size() != rank) refuse_node(node, "no permutation", "each dimension once");
  if (x.tensor)
    x.tensor = in_order(*x.tensor, permutation);
  else
    x.order = behind_transpose(x.order, permutation);
  writer.give(node, 0, std::move(x));
}

/// (dimensions, 2) of numbers, before and behind; the numbers before all dimensions, then those behind, as held.
Ints held_pads(const TfNode& node, const NodeWriter& writer, const HeldValue& x) {
  const std::size_t rank = writer.rank(x);
  const Ints amounts = writer.integers(node, 1);
  const bool usual = std::ranges::all_of(
      amounts, [](std::int64_t amount) { return amount >= 0 && amount <= (std::int64_t{1} << 31); });
  if (amounts.size() != 2 * rank || !usual)
    refuse_node(node, fmt::format("{} amounts", amounts.size()), "two of 0 or more for each dimension");
  Ints pads(2 * rank);
  for (std::size_t axis = 0; axis < rank; ++axis) {
    const std::size_t place = held_axis(x.order, axis);
    pads[place] = amounts[2 * axis];
    pads[place + rank] = amounts[2 * axis + 1];
  }
  return pads;
}

void pad(const TfNode& node, NodeWriter& writer) {
  const HeldValue x = writer.input(node, 0);
  std::vector<std::string> inputs{writer.in(x, x.order),
                                  writer.integers(node.name + "/pads", held_pads(node, writer, x))};
  if (node.op == "PadV2") {
    const Tensor& value = writer.weight(node, 2);
    if (value.size() != 1) refuse_node(node, "several numbers to pad with", "one");
    inputs.push_back(writer.constant(node.name + "/value", value.reshaped({})));
  }
  Attributes attributes;
  if (node.op == "MirrorPad") {
    if (text_attribute(node, "mode", "REFLECT") != "REFLECT") refuse_node(node, "another mode than REFLECT", "REFLECT");
    attributes["mode"] = std::string("reflect");
  }
  writer.give(node, writer.add(node, "Pad", std::move(inputs), std::move(attributes)), x.order);
}

/// The order of the first that varies and is as large as the others.
DimensionOrder order_of(const TfNode& node, const NodeWriter& writer, std::size_t begin, std::size_t end) {
  const std::size_t rank = writer.rank(writer.input(node, begin));
  DimensionOrder order;
  for (std::size_t slot = begin; slot < end; ++slot) {
    const HeldValue& value = writer.input(node, slot);
    if (writer.rank(value) != rank) refuse_node(node, "values of several ranks", "one rank");
    if (!value.tensor && order.empty()) order = value.order;
  }
  return order;
}

void concat(const TfNode& node, NodeWriter& writer) {
  if (node.inputs.size() < 2) refuse_node(node, "nothing to join", "values and a dimension");
  const std::size_t count = node.inputs.size() - 1;
  const DimensionOrder order = order_of(node, writer, 0, count);
  const std::size_t axis = axis_of(node, writer.integer(node, count), writer.rank(writer.input(node, 0)));
  std::vector<std::string> parts;
  for (std::size_t slot = 0; slot < count; ++slot) parts.push_back(writer.in(writer.input(node, slot), order));
  writer.give(node, writer.add(node, "Concat", std::move(parts), {{"axis", signed_size(held_axis(order, axis))}}),
              order);
}

void split_along(const TfNode& node, NodeWriter& writer, const HeldValue& x, std::size_t axis, Ints sizes) {
  constexpr std::size_t kMostParts = 1000;
  const Dim whole = writer.shape(x)[axis];
  std::int64_t sum = 0;
  for (const std::int64_t size : sizes) sum += std::clamp<std::int64_t>(size, 0, std::int64_t{1} << 40);
  for (std::int64_t& size : sizes)
    if (size == -1) size = whole.is_symbolic() ? -1 : whole.size - sum;  // the rest
  if (sizes.empty() || sizes.size() > kMostParts || std::ranges::any_of(sizes, [](auto size) { return size < 0; }))
    refuse_node(node, fmt::format("{} parts", sizes.size()), "known sizes that are together what is there");
  const DimensionOrder order = x.tensor ? DimensionOrder{} : x.order;
  const std::vector<std::string> parts =
      writer.add(node, "Split", {writer.in(x, order), writer.integers(node.name + "/sizes", sizes)},
                 {{"axis", signed_size(held_axis(order, axis))}}, sizes.size());
  for (std::size_t i = 0; i < parts.size(); ++i) writer.give(node, i, {.name = parts[i], .order = order, .tensor = {}});
}

void split_in_sizes(const TfNode& node, NodeWriter& writer) {
  const HeldValue x = writer.input(node, 0);
  const Ints sizes = writer.integers(node, 1);
  split_along(node, writer, x, axis_of(node, writer.integer(node, 2), writer.rank(x)), sizes);
}

void split_evenly(const TfNode& node, NodeWriter& writer) {
  const HeldValue x = writer.input(node, 1);
  const std::size_t axis = axis_of(node, writer.integer(node, 0), writer.rank(x));
  const std::int64_t parts = integer_attribute(node, "num_split", 1);
  const Dim whole = writer.shape(x)[axis];
  if (whole.is_symbolic() || parts < 1 || parts > 1000 || whole.size % parts != 0)
    refuse_node(node, fmt::format("{} parts", parts), "a number that divides what is there");
  split_along(node, writer, x, axis, Ints(to_size(parts), whole.size / parts));
}

/// ONNX says 0 for a size that is kept.
void reshape(const TfNode& node, NodeWriter& writer) {
  const HeldValue& x = writer.input(node, 0);
  const std::optional<Ints> sizes = writer.known_integers(node, 1);
  if (sizes && std::ranges::find(*sizes, 0) != sizes->end()) refuse_node(node, "a size of 0", "sizes of 1 or more");
  std::string shape;
  if (sizes)
    shape = writer.integers(node.name + "/shape", *sizes);
  else
    shape = writer.plain(node, 1);
  writer.give(node, writer.add(node, "Reshape", {writer.in(x, {}), shape}));
}

void squeeze(const TfNode& node, NodeWriter& writer) {
  const HeldValue x = writer.input(node, 0);
  const SymbolicShape shape = writer.shape(x);
  const std::string attribute = integers_attribute(node, "squeeze_dims").empty() ? "axis" : "squeeze_dims";
  std::vector<bool> gone(shape.size(), false);
  for (const std::int64_t axis : integers_attribute(node, attribute)) gone[axis_of(node, axis, shape.size())] = true;
  if (std::ranges::find(gone, true) == gone.end())
    for (std::size_t i = 0; i < shape.size(); ++i) gone[i] = shape[i] == Dim(1);
  const DimensionOrder order = x.tensor ? DimensionOrder{} : x.order;
  Ints axes;
  for (std::size_t axis = 0; axis < gone.size(); ++axis)
    if (gone[axis]) axes.push_back(signed_size(held_axis(order, axis)));
  std::ranges::sort(axes);
  if (axes.empty()) return same(node, writer);
  writer.give(node, writer.add(node, "Squeeze", {writer.in(x, order), writer.integers(node.name + "/axes", axes)}),
              without_axes(order, gone));
}

void expand_dimensions(const TfNode& node, NodeWriter& writer) {
  const HeldValue& x = writer.input(node, 0);
  const std::size_t axis = axis_of(node, writer.integer(node, 1), writer.rank(x) + 1);
  const std::string axes = writer.integers(node.name + "/axes", {signed_size(axis)});
  writer.give(node, writer.add(node, "Unsqueeze", {writer.in(x, {}), axes}));
}

/// Values side by side along a new dimension.
void pack(const TfNode& node, NodeWriter& writer) {
  if (node.inputs.empty()) refuse_node(node, "nothing to join", "values");
  order_of(node, writer, 0, node.inputs.size());
  const std::size_t rank = writer.rank(writer.input(node, 0));
  const std::int64_t axis = signed_size(axis_of(node, integer_attribute(node, "axis", 0), rank + 1));
  const std::string axes = writer.integers(node.name + "/axes", {axis});
  std::vector<std::string> parts;
  for (std::size_t slot = 0; slot < node.inputs.size(); ++slot)
    parts.push_back(writer.add(node, "Unsqueeze", {writer.plain(node, slot), axes}));
  writer.give(node, writer.add(node, "Concat", std::move(parts), {{"axis", axis}}));
}

void shape(const TfNode& node, NodeWriter& writer) {
  writer.give(node, writer.add(node, "Shape", {writer.plain(node, 0)}));
}

constexpr std::array kLayout{
    TfOperatorRow{"Identity", same},
    TfOperatorRow{"StopGradient", same},
    TfOperatorRow{"Snapshot", same},
    TfOperatorRow{"Transpose", transpose},
    TfOperatorRow{"Pad", pad},
    TfOperatorRow{"PadV2", pad},
    TfOperatorRow{"MirrorPad", pad},
    TfOperatorRow{"ConcatV2", concat},
    TfOperatorRow{"SplitV", split_in_sizes},
    TfOperatorRow{"Split", split_evenly},
    TfOperatorRow{"Reshape", reshape},
    TfOperatorRow{"Squeeze", squeeze},
    TfOperatorRow{"ExpandDims", expand_dimensions},
    TfOperatorRow{"Pack", pack},
    TfOperatorRow{"Shape", shape},
};

}  // namespace

std::span<const TfOperatorRow> tf_layout_operators() { return kLayout; }

}  // namespace enxerto
