#include <ATen/ATen.h>

#include <array>
#include <cmath>

#include "enxerto/engine/torch/operator.h"
#include "enxerto/graph/attributes.h"

namespace enxerto {
namespace {

/// How ONNX's Resize finds, for each place of the output, its neighbours in the input and their weights.
struct Resampling {
  std::string mode, coordinates, nearest;
  double cubic = -0.75;
  bool exclude_outside = false;
};

Resampling resampling_of(const Node& node) {
  Resampling how{.mode = attribute<std::string>(node, "mode", "nearest"),
                 .coordinates = attribute<std::string>(node, "coordinate_transformation_mode", "half_pixel"),
                 .nearest = attribute<std::string>(node, "nearest_mode", "round_prefer_floor"),
                 .cubic = static_cast<double>(attribute<float>(node, "cubic_coeff_a", -0.75F)),
                 .exclude_outside = attribute<std::int64_t>(node, "exclude_outside", 0) != 0};
  if (how.mode != "nearest" && how.mode != "linear" && how.mode != "cubic")
    refuse_node(node, "mode '" + how.mode + "'", "nearest, linear or cubic");
  if (attribute<std::int64_t>(node, "antialias", 0) != 0) refuse_node(node, "'antialias'", "0");
  if (how.coordinates == "tf_crop_and_resize") refuse_node(node, "a crop while resizing", "a Slice before it");
  if (attribute<std::string>(node, "keep_aspect_ratio_policy", "stretch") != "stretch")
    refuse_node(node, "'keep_aspect_ratio_policy'", "\"stretch\"");
  return how;
}

/// An axis of the input, of the output, and what it is multiplied by.
struct Axis {
  std::int64_t from = 1, to = 1;
  double scale = 1;
};

double place_in_input(const Resampling& how, const Axis& axis, double place) {
  const double asked = static_cast<double>(axis.from) * axis.scale;
  if (how.coordinates == "asymmetric") return place / axis.scale;
  if (how.coordinates == "align_corners")
    return axis.to == 1 ? 0 : place * static_cast<double>(axis.from - 1) / static_cast<double>(axis.to - 1);
  if (how.coordinates == "pytorch_half_pixel") return axis.to == 1 ? 0 : (place + 0.5) / axis.scale - 0.5;
  if (how.coordinates == "half_pixel_symmetric") {
    const double adjustment = static_cast<double>(axis.to) / asked;
    const double center = static_cast<double>(axis.from) / 2;
    return center * (1 - adjustment) + (place + 0.5) / axis.scale - 0.5;
  }
  return (place + 0.5) / axis.scale - 0.5;
}

double nearest_to(const Resampling& how, double place) {
  if (how.nearest == "floor") return std::floor(place);
  if (how.nearest == "ceil") return std::ceil(place);
  if (how.nearest == "round_prefer_ceil") return std::floor(place + 0.5);
  return std::ceil(place - 0.5);
}

/// Keys 1981.
double cubic_weight(double a, double distance) {
  const double x = std::abs(distance);
  if (x <= 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  if (x < 2) return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a;
  return 0;
}

/// One neighbour of each place of the output.
struct Taps {
  std::vector<std::int64_t> from;
  std::vector<double> weight;
};

std::vector<Taps> taps_of(const Resampling& how, const Axis& axis) {
  const int count = how.mode == "nearest" ? 1 : how.mode == "linear" ? 2 : 4;
  std::vector<Taps> taps(static_cast<std::size_t>(count));
  for (std::int64_t i = 0; i < axis.to; ++i) {
    const double place = place_in_input(how, axis, static_cast<double>(i));
    const double base = count == 1 ? nearest_to(how, place) : std::floor(place) - (count == 4 ? 1 : 0);
    double sum = 0;
    for (int k = 0; k < count; ++k) {
      const double neighbour = base + k, distance = place - neighbour;
      const bool outside = neighbour < 0 || neighbour > static_cast<double>(axis.from - 1);
      double weight = count == 1 ? 1 : count == 2 ? 1 - std::abs(distance) : cubic_weight(how.cubic, distance);
      if (how.exclude_outside && outside && count == 4) weight = 0;
      sum += weight;
      Taps& tap = taps[static_cast<std::size_t>(k)];
      tap.from.push_back(static_cast<std::int64_t>(std::clamp(neighbour, 0.0, static_cast<double>(axis.from - 1))));
      tap.weight.push_back(weight);
    }
    for (Taps& tap : taps) tap.weight.back() /= sum;
  }
  return taps;
}

at::Tensor resized(const at::Tensor& x, std::int64_t dim, const Resampling& how, const Axis& axis) {
  Ints shape(static_cast<std::size_t>(x.dim()), 1);
  shape[static_cast<std::size_t>(dim)] = axis.to;
  at::Tensor result;
  for (const Taps& tap : taps_of(how, axis)) {
    const at::Tensor from = at::tensor(tap.from, at::kLong).to(x.device());
    const at::Tensor taken = at::index_select(x, dim, from);
    if (how.mode == "nearest") return taken;
    const at::Tensor weight = at::tensor(tap.weight, at::kDouble).to(x.device(), x.scalar_type()).reshape(shape);
    const at::Tensor part = at::mul(taken, weight);
    result = result.defined() ? at::add(result, part) : part;
  }
  return result;
}

/// Maps whose height and width alone are brought to a size, bilinear with corners not aligned: one operator of
/// LibTorch does it, and its gradient is no scattered sum.
bool is_bilinear(const Resampling& how, const at::Tensor& x, std::span<const std::int64_t> axes) {
  constexpr std::int64_t kMaps = 4;
  return how.mode == "linear" && how.coordinates == "half_pixel" && x.dim() == kMaps && axes.size() == 2 &&
         axis_from_front(axes[0], kMaps) == 2 && axis_from_front(axes[1], kMaps) == 3;
}

std::vector<double> scales_of(const at::Tensor& scales) {
  const at::Tensor wide = scales.to(at::kCPU, at::kDouble).contiguous();
  const auto* const first = wide.const_data_ptr<double>();
  return {first, first + wide.numel()};
}

/// The sizes that factors make; empty where one of them makes no whole size: there, places are found by the factor, not
/// by the size.
Ints whole_sizes(const at::Tensor& x, std::span<const std::int64_t> axes, std::span<const double> scales) {
  Ints sizes;
  for (std::size_t i = 0; i < axes.size() && axes.size() == scales.size(); ++i) {
    const double size = static_cast<double>(x.size(axis_from_front(axes[i], x.dim()))) * scales[i];
    if (size != std::floor(size)) return {};
    sizes.push_back(static_cast<std::int64_t>(size));
  }
  return sizes;
}

Operation resize(const Site& site) {
  const bool by_size = site.has(3);
  if (!by_size && !site.has(2)) refuse_node(site.node, "neither scales nor sizes", "one of them");
  return [how = resampling_of(site.node), by_size, sizes = IntsInput(site, by_size ? 3 : SIZE_MAX),
          axes = attribute<Ints>(site.node, "axes", {})](Call& call) {
    at::Tensor x = call.in[0];
    const std::vector<double> scales = by_size ? std::vector<double>() : scales_of(call.in[2]);
    const Ints wanted = by_size ? sizes.read(call) : whole_sizes(x, axes, scales);
    if (!wanted.empty() && is_bilinear(how, x, axes)) {
      call.out[0] = at::upsample_bilinear2d(x, wanted, false);
      return;
    }
    const std::size_t count = by_size ? wanted.size() : scales.size();
    for (std::size_t i = 0; i < count; ++i) {
      const std::int64_t dim = axis_from_front(axes.empty() ? static_cast<std::int64_t>(i) : axes.at(i), x.dim());
      Axis axis{.from = x.size(dim), .to = by_size ? wanted[i] : 0, .scale = by_size ? 0 : scales[i]};
      if (by_size) axis.scale = static_cast<double>(axis.to) / static_cast<double>(axis.from);
      if (!by_size) axis.to = static_cast<std::int64_t>(std::floor(static_cast<double>(axis.from) * axis.scale));
      TORCH_CHECK(axis.from > 0 && axis.to > 0 && axis.scale > 0, "a size of ", axis.to, " from ", axis.from);
      if (axis.to != axis.from || axis.scale != 1) x = resized(x, dim, how, axis);
    }
    call.out[0] = x;
  };
}

constexpr std::array kResizeOperators{OperatorRow{"Resize", resize}};

}  // namespace

std::span<const OperatorRow> resize_operators() { return kResizeOperators; }

}  // namespace enxerto
