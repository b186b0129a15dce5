#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/to_size.h"
#include "enxerto/graph/attributes.h"
#include "enxerto/tensorflow/operators.h"

namespace enxerto {
namespace {

using Ints = NodeWriter::Ints;

/// The two numbers of the height and the width in a list for all four dimensions, whose others are 1.
Ints spatial(const TfNode& node, const MapLayout& layout, std::string_view attribute) {
  const Ints numbers = integers_attribute(node, attribute);
  if (numbers.empty()) return {1, 1};
  const bool four = numbers.size() == 4;
  const Ints chosen = four ? Ints{numbers[layout.spatial], numbers[layout.spatial + 1]} : Ints{};
  const auto usual = [](std::int64_t number) { return number >= 1 && number <= (std::int64_t{1} << 20); };
  const bool others = four && numbers[0] == 1 && numbers[layout.spatial == 1 ? 3 : 1] == 1;
  if (!std::ranges::all_of(numbers, usual) || !others)
    refuse_node(node, fmt::format("'{}' of {} numbers that are not 1, height, width, 1", attribute, numbers.size()),
                "one number for each dimension");
  return chosen;
}

/// A map with what a Pad before put around it.
struct Padded {
  std::string map;
  Ints pads{0, 0, 0, 0};  ///< top, left, bottom, right
};

/// What a Pad with `fits` around the map did, where no more than the height and the width were padded and by less than
/// the window; the value itself otherwise.
Padded before_padding(const NodeWriter& writer, const std::string& value, const Ints& window, bool (*fits)(float)) {
  const Node* const pad = writer.maker(value);
  if (pad == nullptr || pad->op != "Pad" || find_attribute<std::string>(*pad, "mode") != nullptr) return {.map = value};
  const Tensor* const amounts = writer.known().constant(pad->inputs[1]);
  const Tensor* const with = pad->inputs.size() > 2 ? writer.known().constant(pad->inputs[2]) : nullptr;
  if (amounts == nullptr || amounts->size() != 8 || !fits(with == nullptr ? 0.0F : with->as<float>()[0]))
    return {.map = value};
  const auto numbers = amounts->as<std::int64_t>();
  Padded padded{.map = pad->inputs[0], .pads = {numbers[2], numbers[3], numbers[6], numbers[7]}};
  bool less = numbers[0] == 0 && numbers[1] == 0 && numbers[4] == 0 && numbers[5] == 0;
  for (std::size_t i = 0; i < 4; ++i) less = less && padded.pads[i] < window[i % 2];
  return less ? padded : Padded{.map = value};
}

bool is_zero(float value) { return value == 0; }
bool is_lowest(float value) { return value <= std::numeric_limits<float>::lowest(); }

/// Writes how the border is treated. What a Pad put around the map before becomes the window's own.
std::string bordered(const TfNode& node, NodeWriter& writer, const MapLayout& layout, const Ints& window,
                     bool (*fits)(float), Attributes& attributes) {
  const HeldValue x = writer.input(node, 0);
  if (writer.rank(x) != 4) refuse_node(node, fmt::format("a value of {} dimensions", writer.rank(x)), "a map of 4");
  const std::string map = writer.in(x, layout.order);
  const std::string padding = text_attribute(node, "padding", "VALID");
  if (padding == "SAME") {
    attributes["auto_pad"] = std::string("SAME_UPPER");
    return map;
  }
  if (padding == "EXPLICIT") {
    const Ints all = integers_attribute(node, "explicit_paddings");
    if (all.size() != 8 || std::ranges::any_of(all, [](std::int64_t pad) { return pad < 0 || pad > (1 << 20); }))
      refuse_node(node, "explicit_paddings that are no eight numbers", "two for each dimension");
    const std::size_t at = 2 * layout.spatial;
    attributes["pads"] = Ints{all[at], all[at + 2], all[at + 1], all[at + 3]};
    return map;
  }
  if (padding != "VALID") refuse_node(node, fmt::format("the padding '{}'", padding), "SAME, VALID or EXPLICIT");
  const Padded padded = before_padding(writer, map, window, fits);
  if (std::ranges::any_of(padded.pads, [](std::int64_t pad) { return pad > 0; })) attributes["pads"] = padded.pads;
  return padded.map;
}

struct Kernel {
  Tensor weight;  ///< (out, in / groups, height, width)
  std::int64_t groups = 1;
};

/// (height, width, in, out) of TensorFlow.
Kernel kernel_of(const TfNode& node, const NodeWriter& writer, std::int64_t channels) {
  const Tensor& weight = writer.weight(node, 1);
  const Shape& shape = weight.shape();
  if (shape.size() != 4) refuse_node(node, fmt::format("a kernel of {} dimensions", shape.size()), "4");
  const bool depthwise = node.op.find("Depthwise") != std::string::npos;
  if (depthwise) {
    if (shape[2] != channels) refuse_node(node, fmt::format("a kernel for {} channels", shape[2]), "one for each");
    const Tensor turned = in_order(weight, {2, 3, 0, 1});
    return {.weight = turned.reshaped({shape[2] * shape[3], 1, shape[0], shape[1]}), .groups = channels};
  }
  if (channels % shape[2] != 0 || shape[3] % (channels / shape[2]) != 0)
    refuse_node(node, fmt::format("a kernel for {} channels on {}", shape[2], channels), "as many");
  return {.weight = in_order(weight, {3, 2, 0, 1}), .groups = channels / shape[2]};
}

/// The bias and the activation that were fused into a convolution.
void write_fused(const TfNode& node, NodeWriter& writer, const MapLayout& layout, std::vector<std::string> inputs,
                 Attributes attributes) {
  std::vector<std::string> fused = texts_attribute(node, "fused_ops");
  std::size_t next = 2;
  if (!fused.empty() && fused.front() == "BiasAdd") {
    const Tensor& bias = writer.weight(node, next);
    inputs.push_back(
        writer.parameter(writer.input(node, next).name, bias.reshaped({static_cast<std::int64_t>(bias.size())})));
    fused.erase(fused.begin());
    ++next;
  }
  const HeldValue made{
      .name = writer.add(node, "Conv", std::move(inputs), std::move(attributes)), .order = layout.order, .tensor = {}};
  if (fused.size() > 1) refuse_node(node, fmt::format("{} operations fused into it", fused.size() + next - 2), "two");
  const auto alpha = static_cast<float>(number_attribute(node, "leakyrelu_alpha", 0.2));
  writer.give(node, activated(node, writer, fused.empty() ? "" : fused.front(), made, next, alpha), layout.order);
}

void convolution(const TfNode& node, NodeWriter& writer) {
  const MapLayout layout = map_layout(node);
  const HeldValue x = writer.input(node, 0);
  if (writer.rank(x) != 4) refuse_node(node, fmt::format("a value of {} dimensions", writer.rank(x)), "a map of 4");
  const Dim channels = writer.shape(x)[layout.spatial == 1 ? 3 : 1];
  if (channels.is_symbolic() || channels.size < 1) refuse_node(node, "an open number of channels", "a fixed one");
  const Kernel kernel = kernel_of(node, writer, channels.size);
  const Ints window{kernel.weight.shape()[2], kernel.weight.shape()[3]};
  Attributes attributes{{"kernel_shape", window}, {"strides", spatial(node, layout, "strides")}};
  if (const Ints dilations = spatial(node, layout, "dilations"); dilations != Ints{1, 1})
    attributes["dilations"] = dilations;
  if (kernel.groups != 1) attributes["group"] = kernel.groups;
  const std::string map = bordered(node, writer, layout, window, is_zero, attributes);
  write_fused(node, writer, layout, {map, writer.parameter(writer.input(node, 1).name, kernel.weight)},
              std::move(attributes));
}

void pooling(const TfNode& node, NodeWriter& writer) {
  const MapLayout layout = map_layout(node);
  const Ints window = spatial(node, layout, "ksize");
  const bool largest = node.op == "MaxPool";
  Attributes attributes{{"kernel_shape", window}, {"strides", spatial(node, layout, "strides")}};
  const std::string map = bordered(node, writer, layout, window, largest ? is_lowest : is_zero, attributes);
  // Zeros of a Pad count in the average; the border of SAME does not.
  if (!largest && attributes.contains("pads")) attributes["count_include_pad"] = std::int64_t{1};
  writer.give(node, writer.add(node, largest ? "MaxPool" : "AveragePool", {map}, std::move(attributes)), layout.order);
}

/// The factor from one size to another that gives it exactly: a whole one, a half, a quarter ..; 0 where none does.
float exact_factor(const Dim& from, std::int64_t to) {
  if (from.is_symbolic() || from.size < 1 || to < 1) return 0;
  const std::int64_t times = to / from.size;
  if (to % from.size == 0) return static_cast<float>(times);
  const std::int64_t part = from.size / to;
  return from.size % to == 0 && (part & (part - 1)) == 0 ? 1.0F / static_cast<float>(part) : 0;
}

/// By factors where they are exact, so that the network can be given other sizes.
void resize(const TfNode& node, NodeWriter& writer) {
  const DimensionOrder order{0, 3, 1, 2};
  const HeldValue x = writer.input(node, 0);
  const Ints sizes = writer.integers(node, 1);
  if (writer.rank(x) != 4 || sizes.size() != 2) refuse_node(node, "a value that is no map", "a map and two sizes");
  const bool nearest = node.op == "ResizeNearestNeighbor";
  const bool corners = flag_attribute(node, "align_corners", false);
  const bool centres = flag_attribute(node, "half_pixel_centers", false);
  Attributes attributes{{"mode", std::string(nearest ? "nearest" : "linear")},
                        {"axes", Ints{2, 3}},
                        {"coordinate_transformation_mode", std::string(corners   ? "align_corners"
                                                                       : centres ? "half_pixel"
                                                                                 : "asymmetric")}};
  if (nearest) attributes["nearest_mode"] = std::string(corners || centres ? "round_prefer_ceil" : "floor");
  const SymbolicShape shape = writer.shape(x);
  std::vector<float> factors;
  for (std::size_t i = 0; i < 2; ++i)
    if (const float factor = exact_factor(shape[i + 1], sizes[i]); factor > 0) factors.push_back(factor);
  const std::string map = writer.in(x, order);
  std::vector<std::string> inputs{map, ""};
  if (factors.size() == 2) {
    inputs.push_back(writer.constant(node.name + "/factors", Tensor::of<float>({2}, std::span<const float>(factors))));
  } else {
    inputs.insert(inputs.end(), {"", writer.integers(node.name + "/sizes", sizes)});
  }
  writer.give(node, writer.add(node, "Resize", std::move(inputs), std::move(attributes)), order);
}

void batch_norm(const TfNode& node, NodeWriter& writer) {
  if (flag_attribute(node, "is_training", true)) refuse_node(node, "statistics of the batch", "those of training");
  const MapLayout layout = map_layout(node);
  const HeldValue x = writer.input(node, 0);
  if (writer.rank(x) != 4) refuse_node(node, fmt::format("a value of {} dimensions", writer.rank(x)), "a map of 4");
  std::vector<std::string> inputs{writer.in(x, layout.order)};
  for (std::size_t slot = 1; slot < 5; ++slot)
    inputs.push_back(writer.parameter(writer.input(node, slot).name, writer.weight(node, slot)));
  const auto epsilon = static_cast<float>(number_attribute(node, "epsilon", 1e-4));
  writer.give(node, writer.add(node, "BatchNormalization", std::move(inputs), {{"epsilon", epsilon}}), layout.order);
}

constexpr std::array kWindows{
    TfOperatorRow{"Conv2D", convolution},
    TfOperatorRow{"_FusedConv2D", convolution},
    TfOperatorRow{"DepthwiseConv2dNative", convolution},
    TfOperatorRow{"FusedDepthwiseConv2dNative", convolution},
    TfOperatorRow{"MaxPool", pooling},
    TfOperatorRow{"AvgPool", pooling},
    TfOperatorRow{"ResizeBilinear", resize},
    TfOperatorRow{"ResizeNearestNeighbor", resize},
    TfOperatorRow{"FusedBatchNorm", batch_norm},
    TfOperatorRow{"FusedBatchNormV2", batch_norm},
    TfOperatorRow{"FusedBatchNormV3", batch_norm},
};

}  // namespace

std::span<const TfOperatorRow> tf_window_operators() { return kWindows; }

}  // namespace enxerto
