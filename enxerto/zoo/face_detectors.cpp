#include "enxerto/zoo/face_detectors.h"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "enxerto/graph/builder.h"
#include "enxerto/zoo/separable_conv.h"

namespace enxerto {
namespace {

using Ints = std::vector<std::int64_t>;

/// Width and height of TinyFaceDetector's boxes, cells.
constexpr std::array<std::array<float, 2>, 5> kAnchors{{{1.603231F, 2.094468F},
                                                        {6.041143F, 7.080126F},
                                                        {2.882459F, 3.518061F},
                                                        {4.266906F, 5.178857F},
                                                        {9.041765F, 10.66308F}}};

std::string leaky(GraphBuilder& net, const std::string& x) {
  return net.add("LeakyRelu", x + ".leaky", {x}, {{"alpha", 0.1F}});
}

/// The largest of 2 x 2; a row and a column more below where the map is odd, or is not made smaller.
std::string largest_of_four(GraphBuilder& net, const std::string& x, const std::string& name, std::int64_t stride) {
  const std::int64_t more = stride == 1 ? 1 : net.shape_of(x)[2].size % 2;
  return net.add("MaxPool", name, {x},
                 {{"kernel_shape", Ints{2, 2}}, {"strides", Ints{stride, stride}}, {"pads", Ints{0, 0, more, more}}});
}

std::string scalar(GraphBuilder& net, float value) { return net.constant(Tensor::scalar(value)); }

/// Middle and half of the size of each box, both (batch, n, 2), to its borders.
std::string borders(GraphBuilder& net, const std::string& middle, const std::string& half) {
  return net.add("Concat", "borders",
                 {net.add("Sub", "borders.least", {middle, half}), net.add("Add", "borders.most", {middle, half})},
                 {{"axis", std::int64_t{2}}});
}

/// Cells, and what their numbers are multiplied with, for each of the boxes in each cell of a grid.
std::pair<Tensor, Tensor> grid_of(std::int64_t cells) {
  std::vector<float> places, sizes;
  const auto count = static_cast<float>(cells);
  for (std::int64_t row = 0; row < cells; ++row)
    for (std::int64_t column = 0; column < cells; ++column)
      for (const auto& [width, height] : kAnchors) {
        places.insert(places.end(), {static_cast<float>(column), static_cast<float>(row)});
        sizes.insert(sizes.end(), {width / count / 2, height / count / 2});
      }
  const Shape shape{1, static_cast<std::int64_t>(places.size() / 2), 2};
  return {Tensor::of<float>(shape, std::span<const float>(places)),
          Tensor::of<float>(shape, std::span<const float>(sizes))};
}

/// Values (batch, n, 5) of each box: where in the cell, how large, how sure.
void tiny_boxes(GraphBuilder& net, const std::string& values, std::int64_t cells) {
  const auto [places, sizes] = grid_of(cells);
  const auto part = [&](const char* name, std::int64_t from, std::int64_t to) {
    return net.add("Slice", name, {values, net.integers({from}), net.integers({to}), net.integers({2})});
  };
  const std::string inside = net.add("Sigmoid", "inside", {part("place", 0, 2)});
  const std::string middle =
      net.add("Div", "middle",
              {net.add("Add", "cell", {inside, net.constant(places)}), scalar(net, static_cast<float>(cells))});
  const std::string half =
      net.add("Mul", "half", {net.add("Exp", "growth", {part("size", 2, 4)}), net.constant(sizes)});
  const std::string scores = net.add("Squeeze", "sure", {part("surety", 4, 5), net.integers({2})});
  net.output(borders(net, middle, half), "boxes").output(net.add("Sigmoid", "sigmoid", {scores}), "scores");
}

std::string clipped_conv(GraphBuilder& net, const std::string& x, const std::string& name, std::int64_t out,
                         std::int64_t kernel, std::int64_t stride) {
  const std::string y = net.conv(
      x, {.name = name, .out = out, .kernel = kernel, .stride = stride, .padding = Padding::same, .bias = true});
  return net.relu6(y, name + ".relu");
}

std::string mobile_block(GraphBuilder& net, const std::string& x, const std::string& name, std::int64_t out,
                         std::int64_t stride) {
  constexpr float kEpsilon = 0.0010000000474974513F;
  const std::int64_t channels = net.shape_of(x)[1].size;
  std::string y = net.conv(x, {.name = name + ".depthwise",
                               .out = channels,
                               .kernel = 3,
                               .stride = stride,
                               .groups = channels,
                               .padding = Padding::same});
  y = net.relu6(net.batch_norm(y, name + ".depthwise.norm", kEpsilon), name + ".depthwise.relu");
  return clipped_conv(net, y, name + ".pointwise", out, 1, 1);
}

/// What a map says of the boxes of each place: (batch, boxes, width).
std::string said_of_boxes(GraphBuilder& net, const std::string& map, const std::string& name, std::int64_t boxes,
                          std::int64_t width) {
  const std::string said = net.conv(map, {.name = name, .out = boxes * width, .bias = true});
  const std::string last = net.add("Transpose", name + ".last", {said}, {{"perm", Ints{0, 2, 3, 1}}});
  return net.add("Reshape", name + ".rows", {last, net.integers({0, -1, width})});
}

/// The maps that boxes are found on: the eleventh block, the last, and four smaller ones.
std::vector<std::string> maps_of_ssd(GraphBuilder& net, std::string x) {
  constexpr std::array<std::int64_t, 13> kWidths{64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024, 1024};
  std::vector<std::string> maps;
  x = clipped_conv(net, x, "conv0", 32, 3, 2);
  for (std::size_t i = 0; i < kWidths.size(); ++i) {
    const std::size_t number = i + 1;
    const bool halves = number == 2 || number == 4 || number == 6 || number == 12;
    x = mobile_block(net, x, fmt::format("conv{}", number), kWidths[i], halves ? 2 : 1);
    if (number == 11) maps.push_back(x);
  }
  maps.push_back(x);
  net.stage("extra");
  constexpr std::array<std::int64_t, 8> kExtra{256, 512, 128, 256, 128, 256, 64, 128};
  for (std::size_t i = 0; i < kExtra.size(); ++i) {
    const bool narrows = i % 2 == 0;
    x = clipped_conv(net, x, fmt::format("extra{}", i), kExtra[i], narrows ? 1 : 3, narrows ? 1 : 2);
    if (!narrows) maps.push_back(x);
  }
  return maps;
}

/// Boxes (batch, n, 4) as they are encoded, beside the priors, to the outputs.
void ssd_outputs(GraphBuilder& net, const std::string& encoded, const std::string& classes) {
  const std::int64_t count = net.shape_of(encoded)[1].size;
  const std::string priors = net.parameter("priors", {1, count, 4});
  const auto half_of = [&](const std::string& x, const std::string& name, std::int64_t from) {
    return net.add("Slice", name, {x, net.integers({from}), net.integers({from + 2}), net.integers({2})});
  };
  const std::string least = half_of(priors, "priors.least", 0), most = half_of(priors, "priors.most", 2);
  const std::string sizes = net.add("Sub", "priors.sizes", {most, least});
  const std::string two = scalar(net, 2);
  const std::string middles = net.add("Add", "priors.middles", {least, net.add("Div", "priors.half", {sizes, two})});
  const std::string moved =
      net.add("Mul", "moved", {net.add("Div", "shift", {half_of(encoded, "place", 0), scalar(net, 10)}), sizes});
  const std::string grown =
      net.add("Exp", "grown", {net.add("Div", "growth", {half_of(encoded, "size", 2), scalar(net, 5)})});
  const std::string half = net.add("Div", "half", {net.add("Mul", "wide", {grown, sizes}), two});
  const std::string upright = borders(net, net.add("Add", "middle", {moved, middles}), half);
  const std::string boxes =
      net.add("Gather", "across", {upright, net.integers({1, 0, 3, 2})}, {{"axis", std::int64_t{2}}});
  const std::string face =
      net.add("Gather", "face", {classes, net.constant(Tensor::scalar(std::int64_t{1}))}, {{"axis", std::int64_t{2}}});
  net.output(boxes, "boxes").output(net.add("Sigmoid", "sigmoid", {face}), "scores");
}

}  // namespace

Blueprint tiny_face_detector(const FaceDetectorConfig& config) {
  const std::int64_t size = config.size == 0 ? 416 : config.size;
  GraphBuilder net("tiny_face_detector");
  std::string x = net.input("input", {"batch", 3, size, size});
  constexpr std::array<std::int64_t, 6> kWidths{16, 32, 64, 128, 256, 512};
  for (std::size_t i = 0; i < kWidths.size(); ++i) {
    const std::string name = fmt::format("conv{}", i);
    net.stage(name);
    x = i == 0 ? net.conv(x, {.name = name, .out = kWidths[i], .kernel = 3, .bias = true})
               : separable_conv(net, x, name, kWidths[i], 1);
    x = largest_of_four(net, leaky(net, x), name + ".pool", i + 1 < kWidths.size() ? 2 : 1);
  }
  net.stage("head");
  constexpr std::int64_t kValues = 5;
  const std::string values = said_of_boxes(net, x, "conv8", static_cast<std::int64_t>(kAnchors.size()), kValues);
  tiny_boxes(net, values, net.shape_of(x)[2].size);
  return std::move(net).finish();
}

Blueprint ssd_face_detector(const FaceDetectorConfig& config) {
  const std::int64_t size = config.size == 0 ? 512 : config.size;
  GraphBuilder net("ssd_face_detector");
  const std::string x = net.input("input", {"batch", 3, size, size});
  net.stage("mobilenet");
  const std::vector<std::string> maps = maps_of_ssd(net, x);
  net.stage("head");
  std::vector<std::string> boxes, classes;
  for (std::size_t i = 0; i < maps.size(); ++i) {
    const std::int64_t per_place = i == 0 ? 3 : 6;
    boxes.push_back(said_of_boxes(net, maps[i], fmt::format("boxes{}", i), per_place, 4));
    classes.push_back(said_of_boxes(net, maps[i], fmt::format("classes{}", i), per_place, 3));
  }
  const std::string encoded = net.add("Concat", "encoded", boxes, {{"axis", std::int64_t{1}}});
  ssd_outputs(net, encoded, net.add("Concat", "classes", classes, {{"axis", std::int64_t{1}}}));
  return std::move(net).finish();
}

}  // namespace enxerto
