#include <array>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "enxerto/graph/attributes.h"
#include "enxerto/graph/infer_rules.h"
#include "enxerto/graph/symbol.h"

namespace enxerto {
namespace {

using Ints = std::vector<std::int64_t>;

/// An attribute of `count` numbers that are at least `least`; `fallback` in each place where it is not there.
Ints ints(const Node& node, std::string_view name, Ints fallback) {
  const std::size_t count = fallback.size();
  Ints values = attribute<Ints>(node, name, std::move(fallback));
  if (values.size() != count) {
    fail_inference(node, fmt::format("{} numbers in '{}'", values.size(), name), fmt::format("{}", count));
  }
  const std::int64_t least = name == "pads" || name == "output_padding" ? 0 : 1;
  for (const std::int64_t value : values) {
    if (value < least || value > (1LL << 31)) fail_inference(node, fmt::format("{} in '{}'", value, name), "a size");
  }
  return values;
}

std::vector<ValueType> conv_transpose(const Node& node, std::span<const InferInput> inputs) {
  const ValueType& x = input_type(node, inputs, 0);
  const SymbolicShape& weight = input_type(node, inputs, 1).shape;
  const auto groups = attribute<std::int64_t>(node, "group", 1);
  if (x.shape.size() < 3 || weight.size() != x.shape.size() || x.shape[1] != weight[0] || weight[1].is_symbolic() ||
      groups < 1 || groups > (1LL << 31)) {
    fail_inference(node, fmt::format("a kernel of shape {} for {}", to_string(weight), to_string(x.shape)),
                   "(in, out / groups, kernel..)");
  }
  const std::size_t spatial = x.shape.size() - 2;
  Ints kernel;
  for (std::size_t i = 2; i < weight.size(); ++i) kernel.push_back(weight[i].size);
  kernel = ints(node, "kernel_shape", kernel);
  const Ints strides = ints(node, "strides", Ints(spatial, 1));
  const Ints dilations = ints(node, "dilations", Ints(spatial, 1));
  const Ints pads = ints(node, "pads", Ints(2 * spatial, 0));
  const Ints extra = ints(node, "output_padding", Ints(spatial, 0));
  const bool same = attribute<std::string>(node, "auto_pad", "NOTSET").starts_with("SAME");
  SymbolicShape shape{x.shape[0], checked_size(node, Wide{weight[1].size} * groups)};
  const Ints* fixed = find_attribute<Ints>(node, "output_shape");
  for (std::size_t i = 0; i < spatial; ++i) {
    const Dim& in = x.shape[i + 2];
    if (fixed != nullptr && fixed->size() == spatial) {
      shape.emplace_back(checked_size(node, (*fixed)[i]));
    } else if (in.is_symbolic()) {
      shape.emplace_back(fmt::format("deconv({})", in.symbol));
    } else if (same) {
      shape.emplace_back(checked_size(node, Wide{in.size} * strides[i]));
    } else {
      const Wide size = Wide{strides[i]} * (in.size - 1) + extra[i] + Wide{kernel[i] - 1} * dilations[i] + 1;
      shape.emplace_back(checked_size(node, size - pads[i] - pads[i + spatial]));
    }
  }
  return {{x.dtype, std::move(shape)}};
}

std::int64_t block_of(const Node& node, const ValueType& x) {
  const auto block = required_attribute<std::int64_t>(node, "blocksize");
  if (x.shape.size() != 4 || block < 1 || block > (1LL << 20)) {
    fail_inference(node, fmt::format("blocks of {} in {}", block, to_string(x.shape)), "(N, C, H, W) and a block size");
  }
  return block;
}

Dim quotient(const Node& node, const Dim& whole, std::int64_t part) {
  const std::optional<Dim> rest = divided(whole, part);
  if (rest) return *rest;
  if (!whole.is_symbolic()) fail_inference(node, fmt::format("{} in blocks of {}", whole.size, part), "whole blocks");
  return fmt::format("({})/{}", whole.symbol, part);
}

std::vector<ValueType> depth_to_space(const Node& node, std::span<const InferInput> inputs) {
  const ValueType& x = input_type(node, inputs, 0);
  const std::int64_t block = block_of(node, x);
  const std::array<Dim, 2> height{x.shape[2], block};
  const std::array<Dim, 2> width{x.shape[3], block};
  return {
      {x.dtype, {x.shape[0], quotient(node, x.shape[1], block * block), product(node, height), product(node, width)}}};
}

std::vector<ValueType> space_to_depth(const Node& node, std::span<const InferInput> inputs) {
  const ValueType& x = input_type(node, inputs, 0);
  const std::int64_t block = block_of(node, x);
  const std::array<Dim, 2> depth{x.shape[1], block * block};
  return {{x.dtype,
           {x.shape[0], product(node, depth), quotient(node, x.shape[2], block), quotient(node, x.shape[3], block)}}};
}

Dim scaled(const Node& node, const Dim& dim, long double scale) {
  if (scale == 1) return dim;
  if (dim.is_symbolic()) return fmt::format("floor({}*{})", dim.symbol, static_cast<double>(scale));
  const long double size = std::floor(static_cast<long double>(dim.size) * scale);
  if (!(size >= 0 && size < 4.6e18L)) fail_inference(node, "an invalid scale", "a scale above 0");
  return static_cast<std::int64_t>(size);
}

std::vector<ValueType> resize(const Node& node, std::span<const InferInput> inputs) {
  ValueType result = input_type(node, inputs, 0);
  Ints axes(result.shape.size());
  std::iota(axes.begin(), axes.end(), 0);
  axes = attribute<Ints>(node, "axes", axes);
  const bool by_size = has_input(inputs, 3);
  if (!by_size && !has_input(inputs, 2)) fail_inference(node, "neither scales nor sizes", "one of them");
  const std::vector<Number> numbers = input_symbols(node, inputs, by_size ? 3 : 2);
  if (numbers.size() != axes.size()) fail_inference(node, fmt::format("{} numbers", numbers.size()), "one per axis");
  if (by_size && attribute<std::string>(node, "keep_aspect_ratio_policy", "stretch") != "stretch") {
    fail_inference(node, "'keep_aspect_ratio_policy'", "\"stretch\"");
  }
  for (std::size_t i = 0; i < axes.size(); ++i) {
    Dim& dim = result.shape[axis_of(node, axes[i], result.shape.size())];
    const std::optional<Dim> size = by_size ? dim_of(numbers[i]) : std::nullopt;
    if ((by_size && !size) || (!by_size && numbers[i].is_symbolic()))
      fail_inference(node, "an invalid size", "a number");
    dim = by_size ? *size : scaled(node, dim, numbers[i].value);
  }
  return {result};
}

constexpr std::array kInferResampleRows{
    InferRow{"ConvTranspose", conv_transpose},
    InferRow{"DepthToSpace", depth_to_space},
    InferRow{"SpaceToDepth", space_to_depth},
    InferRow{"Resize", resize},
};

}  // namespace

std::span<const InferRow> resample_rules() { return kInferResampleRows; }

}  // namespace enxerto
