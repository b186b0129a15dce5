#include "enxerto/features/row_values.h"

#include <algorithm>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/graph/infer.h"

namespace enxerto {
namespace {

[[noreturn]] void refuse(const std::string& where, std::string found, std::string expected) {
  throw weights_error(where, std::move(found), std::move(expected), "cut at another stage");
}

[[noreturn]] void refuse_input(const std::string& where, const std::string& name, std::span<const InputSpec> given) {
  refuse(where, fmt::format("the input '{}', but the preprocessing produces {}", name, to_string(given)),
         "inputs that the preprocessing produces");
}

bool is_kept(DType dtype) {
  switch (dtype) {
    case DType::f32:
    case DType::f64:
    case DType::i64:
    case DType::i32:
    case DType::u8:
    case DType::boolean:
      return true;
    default:
      return false;
  }
}

auto spec_named(std::span<const InputSpec> inputs, const std::string& name) {
  return std::ranges::find(inputs, name, &InputSpec::name);
}

}  // namespace

RowValues::RowValues(const Graph& prefix, std::span<const InputSpec> inputs)
    : where_(prefix.name.empty() ? "the prefix" : prefix.name) {
  if (prefix.nodes.empty()) {
    hand_through(prefix, inputs);
    return;
  }
  for (const Value& value : prefix.inputs) {
    const auto spec = spec_named(inputs, value.name);
    if (spec == inputs.end()) refuse_input(where_, value.name, inputs);
    add_input(value, static_cast<std::size_t>(spec - inputs.begin()), *spec);
  }
  const ValueTypes types = infer_shapes(prefix);
  for (const Value& output : prefix.outputs) {
    const ValueType& type = types.at(output.name);
    add_output({output.name, type.dtype, type.shape}, inputs);
  }
}

void RowValues::hand_through(const Graph& prefix, std::span<const InputSpec> inputs) {
  for (const Value& output : prefix.outputs)
    if (spec_named(inputs, output.name) == inputs.end()) refuse_input(where_, output.name, inputs);
  for (std::size_t number = 0; number < inputs.size(); ++number) {
    const InputSpec& spec = inputs[number];
    const bool is_value =
        prefix.outputs.empty() || std::ranges::find(prefix.outputs, spec.name, &Value::name) != prefix.outputs.end();
    if (!is_value) continue;
    SymbolicShape shape;
    for (std::size_t d = 0; d < spec.shape.size(); ++d) {
      if (spec.shape[d] >= 0) {
        shape.emplace_back(spec.shape[d]);
        continue;
      }
      bindings_.push_back({.symbol = fmt::format("{} {}", spec.name, d), .input = number, .dimension = d});
      shape.emplace_back(bindings_.back().symbol);
    }
    layout_.values.push_back(spec);
    shapes_.push_back(std::move(shape));
  }
}

void RowValues::add_input(const Value& value, std::size_t number, const InputSpec& spec) {
  const auto mismatch = [&] {
    refuse(
        where_, fmt::format("the input {} {} {}", value.name, name_of(value.dtype), to_string(value.shape)),
        fmt::format("{} {} per example, as the preprocessing produces it", name_of(spec.dtype), to_string(spec.shape)));
  };
  if (value.dtype != spec.dtype || value.shape.size() != spec.shape.size() + 1) mismatch();
  if (value.shape[0].is_symbolic()) batch_ = value.shape[0].symbol;
  for (std::size_t d = 0; d < spec.shape.size(); ++d) {
    const Dim& dim = value.shape[d + 1];
    if (!dim.is_symbolic()) {
      if (dim.size != spec.shape[d]) mismatch();
    } else if (spec.shape[d] >= 0) {
      fixed_.emplace(dim.symbol, spec.shape[d]);
    } else {
      bindings_.push_back({.symbol = dim.symbol, .input = number, .dimension = d});
    }
  }
}

void RowValues::add_output(const Value& output, std::span<const InputSpec> inputs) {
  const auto bad = [&](const char* expected) {
    refuse(where_, fmt::format("an output {} {} {}", output.name, name_of(output.dtype), to_string(output.shape)),
           expected);
  };
  if (!is_kept(output.dtype)) bad("float32, float64, int64, int32, uint8 or bool");
  SymbolSizes some = fixed_;
  for (const Binding& binding : bindings_) some.emplace(binding.symbol, kUsualLength);
  constexpr std::int64_t kTwo = 2;
  SymbolSizes two = some;
  two[batch_] = kTwo;
  if (output.shape.empty() || size_at(output.shape[0], two).value_or(kTwo) != kTwo) bad("a value of each example");
  InputSpec spec{.name = output.name, .dtype = output.dtype};
  if (const auto given = spec_named(inputs, output.name); given != inputs.end()) spec.padding = given->padding;
  for (std::size_t d = 1; d < output.shape.size(); ++d) {
    const auto size = size_at(output.shape[d], fixed_);
    if (!size && !size_at(output.shape[d], some)) bad("a length that follows from those of the inputs");
    if (size && *size < 1) bad("no empty dimension");
    spec.shape.push_back(size.value_or(-1));
  }
  layout_.values.push_back(std::move(spec));
  shapes_.emplace_back(output.shape.begin() + 1, output.shape.end());
}

SymbolSizes RowValues::lengths(std::span<const Shape> shapes) const {
  SymbolSizes sizes = fixed_;
  for (const Binding& binding : bindings_) {
    const std::int64_t size = shapes[binding.input].at(binding.dimension);
    const auto [known, is_new] = sizes.emplace(binding.symbol, size);
    if (!is_new && known->second != size)
      throw data_error(where_,
                       fmt::format("inputs of one example with {} and {} as '{}'", known->second, size, binding.symbol),
                       "one length");
  }
  return sizes;
}

std::vector<Shape> RowValues::shapes(const SymbolSizes& lengths) const {
  std::vector<Shape> shapes;
  for (std::size_t i = 0; i < layout_.values.size(); ++i) {
    Shape& shape = shapes.emplace_back(layout_.values[i].shape);
    for (std::size_t d = 0; d < shape.size(); ++d)
      if (shape[d] < 0) shape[d] = size_at(shapes_[i][d], lengths).value_or(kUsualLength);
  }
  return shapes;
}

std::vector<Tensor> RowValues::of(const TensorMap& batch, std::size_t example, const SymbolSizes& lengths) const {
  std::vector<Tensor> values;
  values.reserve(layout_.values.size());
  const auto row = static_cast<std::int64_t>(example);
  const std::vector<Shape> own_shapes = shapes(lengths);
  for (std::size_t i = 0; i < layout_.values.size(); ++i) {
    const InputSpec& spec = layout_.values[i];
    const Tensor own = batch.at(spec.name).rows(row, row + 1);
    const Shape padded(own.shape().begin() + 1, own.shape().end());
    if (own_shapes[i] == padded) {
      values.push_back(own.reshaped(padded));
      continue;
    }
    TensorBuffer cropped(spec.dtype, own_shapes[i]);
    copy_block(own.data(), padded, cropped.data(), own_shapes[i], size_of(spec.dtype));
    values.push_back(std::move(cropped).freeze());
  }
  return values;
}

std::vector<std::int64_t> buckets_of(std::span<const InputSpec> inputs, std::span<const Shape> shapes,
                                     const PadOptions& options) {
  std::vector<std::int64_t> buckets;
  for (std::size_t i = 0; i < inputs.size(); ++i)
    for (std::size_t d = 0; d < inputs[i].shape.size(); ++d)
      if (inputs[i].shape[d] < 0) buckets.push_back(options.padded(shapes[i].at(d)));
  return buckets;
}

}  // namespace enxerto
