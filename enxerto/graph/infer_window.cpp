#include <array>
#include <optional>

#include <fmt/format.h>

#include "enxerto/graph/attributes.h"
#include "enxerto/graph/infer_rules.h"
#include "enxerto/graph/symbol.h"

namespace enxerto {
namespace {

using Ints = std::vector<std::int64_t>;

/// How a window slides over the spatial dimensions, one number a dimension (two for pads: all begins, then all ends).
struct Window {
  Ints kernel, strides, dilations, pads;
  std::string auto_pad;
  bool ceil = false;
};

Ints ints(const Node& node, std::string_view name, std::size_t count, std::int64_t fallback) {
  Ints values = attribute<Ints>(node, name, Ints(count, fallback));
  if (values.size() != count) {
    fail_inference(node, fmt::format("{} numbers in '{}'", values.size(), name), fmt::format("{}", count));
  }
  const std::int64_t least = name == "pads" ? 0 : 1;
  for (const std::int64_t value : values) {
    if (value < least || value > (1LL << 31)) fail_inference(node, fmt::format("{} in '{}'", value, name), "a size");
  }
  return values;
}

Window window_of(const Node& node, std::size_t spatial, Ints kernel) {
  Window window{.kernel = std::move(kernel),
                .strides = ints(node, "strides", spatial, 1),
                .dilations = ints(node, "dilations", spatial, 1),
                .pads = ints(node, "pads", 2 * spatial, 0),
                .auto_pad = attribute<std::string>(node, "auto_pad", "NOTSET"),
                .ceil = attribute<std::int64_t>(node, "ceil_mode", 0) != 0};
  if (window.auto_pad == "VALID") window.pads.assign(2 * spatial, 0);
  return window;
}

Dim slide(const Node& node, const Window& window, std::size_t i, const Dim& in) {
  const std::int64_t stride = window.strides[i];
  if (window.auto_pad == "SAME_UPPER" || window.auto_pad == "SAME_LOWER") {
    if (in.is_symbolic()) return stride == 1 ? in : Dim(fmt::format("ceil({}/{})", in.symbol, stride));
    return checked_size(node, (Wide{in.size} + stride - 1) / stride);
  }
  const Wide reach = Wide{window.kernel[i] - 1} * window.dilations[i] + 1;
  const Wide begin = window.pads[i];
  const Wide extra = begin + window.pads[i + window.kernel.size()] - reach;
  if (in.is_symbolic()) {
    if (stride == 1 && extra == -1) return in;
    // One window begins at each of the stride's steps, and the last one ends in the padding.
    if (!window.ceil && extra < 0 && extra >= -stride)
      if (const std::optional<Dim> steps = divided(in, stride)) return *steps;
    return fmt::format("{}(({}{:+})/{})+1", window.ceil ? "ceil" : "floor", in.symbol, static_cast<std::int64_t>(extra),
                       stride);
  }
  const Wide room = in.size + extra;
  if (room < 0) {
    fail_inference(node, fmt::format("an input of {} for a window of {}", in.size, static_cast<std::int64_t>(reach)),
                   "an input at least as large as the window");
  }
  Wide steps = (window.ceil ? room + stride - 1 : room) / stride;
  // A last window that would start in the padding behind the input is dropped, as ONNX and PyTorch do.
  if (window.ceil && steps * stride >= in.size + begin) --steps;
  return checked_size(node, steps + 1);
}

SymbolicShape slide(const Node& node, const Window& window, const SymbolicShape& in, Dim channels) {
  SymbolicShape out{in[0], std::move(channels)};
  for (std::size_t i = 0; i < window.kernel.size(); ++i) out.push_back(slide(node, window, i, in[i + 2]));
  return out;
}

const ValueType& map_input(const Node& node, std::span<const InferInput> inputs) {
  const ValueType& x = input_type(node, inputs, 0);
  if (x.shape.size() < 3) fail_inference(node, "an input of shape " + to_string(x.shape), "(N, C, D1, ..)");
  return x;
}

std::vector<ValueType> conv(const Node& node, std::span<const InferInput> inputs) {
  const ValueType& x = map_input(node, inputs);
  const SymbolicShape& weight = input_type(node, inputs, 1).shape;
  if (weight.size() != x.shape.size()) {
    fail_inference(node, "a kernel of shape " + to_string(weight) + " for " + to_string(x.shape), "as many dimensions");
  }
  const auto groups = attribute<std::int64_t>(node, "group", 1);
  Ints kernel;
  for (std::size_t i = 2; i < weight.size(); ++i) kernel.push_back(weight[i].size);
  const bool fits = groups > 0 && !x.shape[1].is_symbolic() && weight[0].size > 0 && weight[0].size % groups == 0 &&
                    x.shape[1].size % groups == 0 && x.shape[1].size / groups == weight[1].size &&
                    attribute<Ints>(node, "kernel_shape", kernel) == kernel;
  if (!fits) {
    fail_inference(
        node, fmt::format("a kernel of shape {} for {} in {} groups", to_string(weight), to_string(x.shape), groups),
        "(out, in / groups, kernel..)");
  }
  if (inputs.size() > 2 && inputs[2].type != nullptr && inputs[2].type->shape != SymbolicShape{weight[0]}) {
    fail_inference(node, "a bias of shape " + to_string(inputs[2].type->shape), to_string(SymbolicShape{weight[0]}));
  }
  return {{x.dtype, slide(node, window_of(node, kernel.size(), kernel), x.shape, weight[0])}};
}

std::vector<ValueType> pool(const Node& node, std::span<const InferInput> inputs) {
  const ValueType& x = map_input(node, inputs);
  const std::size_t spatial = x.shape.size() - 2;
  required_attribute<Ints>(node, "kernel_shape");
  return {
      {x.dtype, slide(node, window_of(node, spatial, ints(node, "kernel_shape", spatial, 1)), x.shape, x.shape[1])}};
}

std::vector<ValueType> global_pool(const Node& node, std::span<const InferInput> inputs) {
  const ValueType& x = map_input(node, inputs);
  SymbolicShape shape(x.shape.size(), 1);
  shape[0] = x.shape[0];
  shape[1] = x.shape[1];
  return {{x.dtype, std::move(shape)}};
}

constexpr std::array kInferWindowRows{
    InferRow{"Conv", conv},
    InferRow{"MaxPool", pool},
    InferRow{"AveragePool", pool},
    InferRow{"GlobalAveragePool", global_pool},
    InferRow{"GlobalMaxPool", global_pool},
    InferRow{"GlobalLpPool", global_pool},
    InferRow{"LpPool", pool},
};

}  // namespace

std::span<const InferRow> window_rules() { return kInferWindowRows; }

}  // namespace enxerto
