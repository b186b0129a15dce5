#include "enxerto/heads/box_layers.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/heads/map_head.h"

namespace enxerto {
namespace {

/// (boxes, 2) each.
std::pair<Tensor, Tensor> centres_and_sizes(const Tensor& boxes) {
  constexpr float kHalf = 0.5F;
  const auto values = boxes.as<float>();
  const std::int64_t count = boxes.shape()[0];
  TensorBuffer centres(DType::f32, {count, 2}), sizes(DType::f32, {count, 2});
  for (std::size_t i = 0; i < values.size() / 4; ++i) {
    for (std::size_t axis = 0; axis < 2; ++axis) {
      const float size = values[i * 4 + 2 + axis] - values[i * 4 + axis];
      sizes.as<float>()[i * 2 + axis] = size;
      centres.as<float>()[i * 2 + axis] = values[i * 4 + axis] + kHalf * size;
    }
  }
  return {std::move(centres).freeze(), std::move(sizes).freeze()};
}

std::string scalar_of(GraphBuilder& net, float value) { return net.constant(Tensor::scalar(value)); }

/// `x` over the weight, which 1 leaves as it is.
std::string unweighted(GraphBuilder& net, const std::string& x, const std::string& name, float weight) {
  return weight == 1 ? x : net.add("Div", name, {x, scalar_of(net, weight)});
}

}  // namespace

void require_box_maps(const HeadFeatures& features, std::int64_t classes) {
  if (classes < 1) throw usage_error("head: classes", fmt::format("{}", classes), "at least one");
  const bool fixed = features.input.size() == 4 && !features.input[2].is_symbolic() && !features.input[3].is_symbolic();
  if (!features.maps.empty() && std::ranges::all_of(features.maps, is_fixed_map) && fixed) return;
  throw usage_error("head: features", features.maps.empty() ? "no maps" : to_string(features.maps.front().shape),
                    "feature maps (batch, channels, height, width) at a fixed input size", "a convolutional network");
}

std::vector<std::array<std::int64_t, 2>> grids_of(const HeadFeatures& features, std::size_t most) {
  std::vector<std::array<std::int64_t, 2>> grids;
  for (const Value& map : features.maps) grids.push_back({map.shape[2].size, map.shape[3].size});
  while (grids.size() < most && std::max(grids.back()[0], grids.back()[1]) > 1)
    grids.push_back({(grids.back()[0] + 1) / 2, (grids.back()[1] + 1) / 2});
  return grids;
}

std::string box_rows(GraphBuilder& net, const std::string& x, const std::string& name, std::int64_t each) {
  const SymbolicShape shape = net.shape_of(x);
  const std::int64_t width = shape[1].size / each, places = shape[2].size * shape[3].size;
  const std::string apart = net.add("Reshape", name + ".apart", {x, net.integers({0, each, width, places})});
  const std::string placed =
      net.add("Transpose", name + ".placed", {apart}, {{"perm", std::vector<std::int64_t>{0, 3, 1, 2}}});
  return net.add("Reshape", name + ".boxes", {placed, net.integers({0, places * each, width})});
}

std::string box_columns(GraphBuilder& net, const std::string& x, const std::string& name, std::int64_t begin,
                        std::int64_t end) {
  return net.add("Slice", name, {x, net.integers({begin}), net.integers({end}), net.integers({2})});
}

std::string decoded_boxes(GraphBuilder& net, const std::string& code, const CodedBoxes& of) {
  const auto [centres, sizes] = centres_and_sizes(of.boxes);
  const std::string size_of_box = net.constant(sizes);
  const std::string offset =
      unweighted(net, box_columns(net, code, "head.code.offset", 0, 2), "head.offset", of.weights.offset);
  const std::string quotient =
      unweighted(net, box_columns(net, code, "head.code.size", 2, 4), "head.quotient", of.weights.size);
  const std::string bounded =
      net.add("Min", "head.bounded", {quotient, scalar_of(net, static_cast<float>(kLargestSizeCode))});
  const std::string moved = net.add("Mul", "head.moved", {offset, size_of_box});
  const std::string centre = net.add("Add", "head.centre", {moved, net.constant(centres)});
  const std::string size = net.add("Mul", "head.size", {net.add("Exp", "head.scale", {bounded}), size_of_box});
  const std::string half = net.add("Mul", "head.half", {size, scalar_of(net, 0.5F)});
  const std::string low = net.add("Sub", "head.low", {centre, half}),
                    high = net.add("Add", "head.high", {centre, half});
  const std::string corners = net.add("Concat", "head.corners", {low, high}, {{"axis", std::int64_t{2}}});
  const auto width = static_cast<float>(of.width), height = static_cast<float>(of.height);
  const std::string ends = net.constant(Tensor::of<float>({kCodeWidth}, {width, height, width, height}));
  return net.add("Max", "head.inside", {net.add("Min", "head.ended", {corners, ends}), scalar_of(net, 0)});
}

}  // namespace enxerto
