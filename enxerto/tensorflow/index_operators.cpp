#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <limits>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/to_size.h"
#include "enxerto/graph/numbers.h"
#include "enxerto/tensorflow/operators.h"

namespace enxerto {
namespace {

using Ints = NodeWriter::Ints;

void gather(const TfNode& node, NodeWriter& writer) {
  if (integer_attribute(node, "batch_dims", 0) != 0) refuse_node(node, "'batch_dims'", "indices for all examples");
  const HeldValue& x = writer.input(node, 0);
  const std::int64_t axis = node.inputs.size() > 2 ? writer.integer(node, 2) : 0;
  const auto place = static_cast<std::int64_t>(axis_of(node, axis, writer.rank(x)));
  const std::vector<std::string> inputs{writer.plain(node, 0), writer.plain(node, 1)};
  writer.give(node, writer.add(node, "Gather", inputs, {{"axis", place}}));
}

void largest(const TfNode& node, NodeWriter& writer) {
  const std::string count = writer.integers(node.name + "/k", {writer.integer(node, 1)});
  const std::int64_t sorted = flag_attribute(node, "sorted", true) ? 1 : 0;
  const auto made = writer.add(node, "TopK", {writer.plain(node, 0), count},
                               {{"axis", std::int64_t{-1}}, {"largest", std::int64_t{1}}, {"sorted", sorted}}, 2);
  for (std::size_t i = 0; i < made.size(); ++i) writer.give(node, i, {.name = made[i], .order = {}, .tensor = {}});
}

/// The part of each dimension that is taken.
struct Parts {
  Ints begins, ends, axes, steps;
};

std::string sliced(const TfNode& node, NodeWriter& writer, const std::string& value, const Parts& parts) {
  return writer.add(
      node, "Slice",
      {value, writer.integers(node.name + "/begins", parts.begins), writer.integers(node.name + "/ends", parts.ends),
       writer.integers(node.name + "/axes", parts.axes), writer.integers(node.name + "/steps", parts.steps)});
}

void strided_slice(const TfNode& node, NodeWriter& writer) {
  constexpr std::int64_t kEnd = std::numeric_limits<std::int64_t>::max();
  for (const char* const mask : {"ellipsis_mask", "new_axis_mask"})
    if (integer_attribute(node, mask, 0) != 0) refuse_node(node, fmt::format("'{}'", mask), "begin, end and steps");
  const auto masked = [&](const char* mask, std::size_t i) {
    return ((integer_attribute(node, mask, 0) >> i) & 1) != 0;
  };
  const HeldValue x = writer.input(node, 0);
  const Ints begins = writer.integers(node, 1), ends = writer.integers(node, 2), steps = writer.integers(node, 3);
  const std::size_t rank = writer.rank(x);
  if (begins.size() > std::min<std::size_t>(rank, 32) || ends.size() != begins.size() || steps.size() != begins.size())
    refuse_node(node, fmt::format("{} numbers for {} dimensions", begins.size(), rank), "at most one for each");
  const DimensionOrder order = x.tensor ? DimensionOrder{} : x.order;
  Parts parts;
  std::vector<bool> gone(rank, false);
  Ints squeezed;
  for (std::size_t i = 0; i < begins.size(); ++i) {
    gone[i] = masked("shrink_axis_mask", i);
    const auto axis = static_cast<std::int64_t>(held_axis(order, i));
    if (steps[i] == 0 || (steps[i] < 0 && !gone[i])) refuse_node(node, "a step backwards", "steps of 1 or more");
    const bool last = begins[i] == -1;
    parts.begins.push_back(masked("begin_mask", i) && !gone[i] ? 0 : begins[i]);
    parts.ends.push_back(gone[i] ? (last ? kEnd : begins[i] + 1) : masked("end_mask", i) ? kEnd : ends[i]);
    parts.steps.push_back(gone[i] ? 1 : steps[i]);
    parts.axes.push_back(axis);
    if (gone[i]) squeezed.push_back(axis);
  }
  if (parts.axes.empty()) return writer.give(node, 0, x);
  std::string value = sliced(node, writer, writer.in(x, order), parts);
  std::ranges::sort(squeezed);
  if (!squeezed.empty())
    value = writer.add(node, "Squeeze", {value, writer.integers(node.name + "/squeezed", squeezed)});
  writer.give(node, value, without_axes(order, gone));
}

void slice(const TfNode& node, NodeWriter& writer) {
  const HeldValue x = writer.input(node, 0);
  const Ints begins = writer.integers(node, 1), sizes = writer.integers(node, 2);
  if (begins.size() != writer.rank(x) || sizes.size() != begins.size() || begins.empty())
    refuse_node(node, fmt::format("{} numbers for {} dimensions", begins.size(), writer.rank(x)), "one for each");
  const DimensionOrder order = x.tensor ? DimensionOrder{} : x.order;
  Parts parts;
  for (std::size_t i = 0; i < begins.size(); ++i) {
    std::int64_t end = 0;
    const bool fits = begins[i] >= 0 && sizes[i] >= -1 && !__builtin_add_overflow(begins[i], sizes[i], &end);
    if (!fits) refuse_node(node, fmt::format("{} from {}", sizes[i], begins[i]), "a part of what is there");
    parts.begins.push_back(begins[i]);
    parts.ends.push_back(sizes[i] == -1 ? std::numeric_limits<std::int64_t>::max() : end);
    parts.steps.push_back(1);
    parts.axes.push_back(static_cast<std::int64_t>(held_axis(order, i)));
  }
  writer.give(node, sliced(node, writer, writer.in(x, order), parts), order);
}

/// Of constants alone, as converters leave it behind.
void sparse_to_dense(const TfNode& node, NodeWriter& writer) {
  const HeldValue &indices = writer.input(node, 0), &values = writer.input(node, 2), &rest = writer.input(node, 3);
  const Ints places = writer.integers(node, 0), sizes = writer.integers(node, 1);
  std::size_t count = 1;
  for (const std::int64_t size : sizes) {
    if (size < 0 || size > static_cast<std::int64_t>(kMostNumbers) || (count *= to_size(size)) > kMostNumbers)
      refuse_node(node, "a large table", fmt::format("at most {} numbers", kMostNumbers));
  }
  const std::size_t rank = std::max<std::size_t>(sizes.size(), 1), given = places.size() / rank;
  if (!indices.tensor || !values.tensor || !rest.tensor || rest.tensor->size() != 1 ||
      rest.tensor->dtype() != values.tensor->dtype() || places.size() % rank != 0 ||
      (values.tensor->size() != 1 && values.tensor->size() != given))
    refuse_node(node, "values that are computed or do not go together", "constants: a value for each place");
  const std::size_t bytes = size_of(rest.tensor->dtype());
  TensorBuffer table(rest.tensor->dtype(), sizes);
  for (std::size_t i = 0; i < count; ++i) std::memcpy(table.data() + i * bytes, rest.tensor->data(), bytes);
  for (std::size_t i = 0; i < given; ++i) {
    std::size_t at = 0;
    for (std::size_t d = 0; d < sizes.size(); ++d) {
      const std::int64_t place = places[i * rank + d];
      if (place < 0 || place >= sizes[d]) refuse_node(node, fmt::format("place {}", place), "one in the table");
      at = at * to_size(sizes[d]) + to_size(place);
    }
    const std::size_t from = values.tensor->size() == 1 ? 0 : i;
    if (count > 0) std::memcpy(table.data() + at * bytes, values.tensor->data() + from * bytes, bytes);
  }
  writer.give(node, 0, {.name = node.name, .order = {}, .tensor = std::move(table).freeze()});
}

constexpr std::array kIndex{
    TfOperatorRow{"GatherV2", gather}, TfOperatorRow{"Gather", gather},
    TfOperatorRow{"TopKV2", largest},  TfOperatorRow{"StridedSlice", strided_slice},
    TfOperatorRow{"Slice", slice},     TfOperatorRow{"SparseToDense", sparse_to_dense},
};

}  // namespace

std::span<const TfOperatorRow> tf_index_operators() { return kIndex; }

}  // namespace enxerto
