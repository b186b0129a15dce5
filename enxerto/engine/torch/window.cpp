#include "enxerto/engine/torch/window.h"

#include <ATen/ATen.h>
#include <c10/util/StringUtil.h>

#include "enxerto/graph/attributes.h"

namespace enxerto {
namespace {

Ints numbers(const Node& node, std::string_view name, Ints fallback) {
  const std::size_t count = fallback.size();
  Ints values = attribute<Ints>(node, name, std::move(fallback));
  if (values.size() != count) refuse_node(node, c10::str(values.size(), " numbers in '", name, "'"), c10::str(count));
  const std::int64_t least = name == "pads" ? 0 : 1;
  for (const std::int64_t value : values)
    if (value < least || value > (1LL << 31)) refuse_node(node, c10::str(value, " in '", name, "'"), "a size");
  return values;
}

}  // namespace

Window Window::of(const Node& node, Ints kernel) {
  const std::size_t rank = kernel.size();
  Window window;
  window.kernel = std::move(kernel);
  window.strides = numbers(node, "strides", Ints(rank, 1));
  window.dilations = numbers(node, "dilations", Ints(rank, 1));
  const Ints pads = numbers(node, "pads", Ints(2 * rank, 0));
  window.begins.assign(pads.begin(), pads.begin() + static_cast<std::ptrdiff_t>(rank));
  window.ends.assign(pads.begin() + static_cast<std::ptrdiff_t>(rank), pads.end());
  window.auto_pad = attribute<std::string>(node, "auto_pad", "NOTSET");
  window.ceil = attribute<std::int64_t>(node, "ceil_mode", 0) != 0;
  if (window.auto_pad == "NOTSET" || window.auto_pad.empty()) return window;
  window.begins.assign(rank, 0);
  window.ends.assign(rank, 0);
  return window;
}

Window::Padding Window::padding_of(at::IntArrayRef spatial) const {
  Padding padding{begins, ends};
  const bool same = auto_pad.starts_with("SAME");
  if (!same && !ceil) return padding;
  for (std::size_t i = 0; i < rank(); ++i) {
    const std::int64_t reach = (kernel[i] - 1) * dilations[i] + 1;
    if (same) {
      const std::int64_t steps = (spatial[i] + strides[i] - 1) / strides[i];
      const std::int64_t total = std::max<std::int64_t>(0, (steps - 1) * strides[i] + reach - spatial[i]);
      const std::int64_t smaller = total / 2;
      padding.begins[i] = auto_pad == "SAME_UPPER" ? smaller : total - smaller;
      padding.ends[i] = total - padding.begins[i];
      continue;
    }
    const std::int64_t room = spatial[i] + begins[i] + ends[i] - reach;
    std::int64_t steps = (room + strides[i] - 1) / strides[i];
    // A last window that would start in the padding behind the input is dropped, as ONNX and PyTorch do.
    if (steps * strides[i] >= spatial[i] + begins[i]) --steps;
    padding.ends[i] = steps * strides[i] + reach - spatial[i] - begins[i];
  }
  return padding;
}

at::Tensor padded(const at::Tensor& x, const Window::Padding& padding, double value) {
  Ints sizes;  // the last dimension first
  for (std::size_t i = padding.begins.size(); i-- > 0;) {
    sizes.push_back(padding.begins[i]);
    sizes.push_back(padding.ends[i]);
  }
  return at::constant_pad_nd(x, sizes, value);
}

}  // namespace enxerto
