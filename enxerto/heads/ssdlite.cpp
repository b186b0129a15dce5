#include "enxerto/heads/ssdlite.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/graph/builder.h"
#include "enxerto/heads/box_matching.h"

namespace enxerto {
namespace {

constexpr std::size_t kMostMaps = 6;
constexpr std::array<std::int64_t, 5> kExtraWidths{512, 256, 256, 128, 128};
constexpr float kNormEpsilon = 1e-3F;
constexpr std::int64_t kCodeWidth = 4;

void require_maps(const HeadFeatures& features) {
  const auto is_map = [](const Value& map) {
    return map.dtype == DType::f32 && map.shape.size() == 4 && !map.shape[1].is_symbolic() &&
           !map.shape[2].is_symbolic() && !map.shape[3].is_symbolic();
  };
  const bool square =
      features.input.size() == 4 && !features.input[2].is_symbolic() && !features.input[3].is_symbolic();
  if (!features.maps.empty() && std::ranges::all_of(features.maps, is_map) && square) return;
  throw usage_error("head: features", features.maps.empty() ? "no maps" : to_string(features.maps.front().shape),
                    "feature maps (batch, channels, height, width) at a fixed input size", "a convolutional network");
}

/// The grids of the maps and of those that are grown behind the last.
std::vector<std::array<std::int64_t, 2>> grids_of(const HeadFeatures& features) {
  std::vector<std::array<std::int64_t, 2>> grids;
  for (const Value& map : features.maps) grids.push_back({map.shape[2].size, map.shape[3].size});
  while (grids.size() < kMostMaps && std::max(grids.back()[0], grids.back()[1]) > 1)
    grids.push_back({(grids.back()[0] + 1) / 2, (grids.back()[1] + 1) / 2});
  return grids;
}

/// Writes the head, a piece a function.
class SsdliteWriter {
 public:
  SsdliteWriter(const HeadFeatures& features, std::int64_t classes)
      : features_(features), classes_(classes), boxes_(ssdlite_boxes(features)), net_(std::string(kHeadStage)) {}

  Blueprint write() {
    for (const Value& map : features_.maps) maps_.push_back(net_.input(map.name, map.shape, map.dtype));
    net_.stage(std::string(kHeadStage));
    while (maps_.size() < boxes_.grids.size())
      maps_.push_back(extra(maps_.back(), maps_.size() - features_.maps.size()));
    std::vector<std::string> classes, codes;
    for (std::size_t i = 0; i < maps_.size(); ++i) {
      classes.push_back(predicted(i, "class", classes_ + 1));
      codes.push_back(predicted(i, "box", kCodeWidth));
    }
    const std::string scores = net_.add("Concat", "head.scores", classes, {{"axis", std::int64_t{1}}});
    const std::string code = net_.add("Concat", "head.codes", codes, {{"axis", std::int64_t{1}}});
    const std::string logits = net_.add("Concat", "head.together", {scores, code}, {{"axis", std::int64_t{2}}});
    const std::string answer =
        net_.add("Concat", "head.answer", {decoded(code), named(scores)}, {{"axis", std::int64_t{2}}});
    net_.output(logits, std::string(kHeadLogits)).output(answer, std::string(kHeadProbabilities));
    return std::move(net_).finish();
  }

 private:
  std::string norm_act(const std::string& x, const std::string& name) {
    return net_.relu6(net_.batch_norm(x, name + ".norm", kNormEpsilon), name + ".act");
  }

  std::string depthwise(const std::string& x, const std::string& name, std::int64_t stride) {
    const std::int64_t width = net_.shape_of(x)[1].size;
    return norm_act(
        net_.conv(
            x,
            {.name = name, .out = width, .kernel = 3, .stride = stride, .groups = width, .padding = Padding::centered}),
        name);
  }

  /// A map of half the size.
  std::string extra(const std::string& x, std::size_t number) {
    const std::string name = fmt::format("head.extra{}", number);
    const std::int64_t width = kExtraWidths.at(std::min(number, kExtraWidths.size() - 1));
    const std::string narrow = norm_act(net_.conv(x, {.name = name + ".reduce", .out = width / 2}), name + ".reduce");
    const std::string small = depthwise(narrow, name + ".depthwise", 2);
    return norm_act(net_.conv(small, {.name = name + ".expand", .out = width}), name + ".expand");
  }

  /// (batch, channels, rows, columns) -> (batch, boxes of the map, width)
  std::string predicted(std::size_t map, const std::string& what, std::int64_t width) {
    const std::string name = fmt::format("head.map{}.{}", map, what);
    const std::int64_t each = boxes_.boxes_of_place(), places = boxes_.grids[map][0] * boxes_.grids[map][1];
    const std::string y =
        net_.conv(depthwise(maps_[map], name + ".depthwise", 1), {.name = name, .out = each * width, .bias = true});
    const std::string apart = net_.add("Reshape", name + ".apart", {y, net_.integers({0, each, width, places})});
    const std::string placed =
        net_.add("Transpose", name + ".placed", {apart}, {{"perm", std::vector<std::int64_t>{0, 3, 1, 2}}});
    return net_.add("Reshape", name + ".boxes", {placed, net_.integers({0, places * each, width})});
  }

  /// Probabilities of the classes.
  std::string named(const std::string& scores) {
    const std::string all = net_.add("Softmax", "head.softmax", {scores}, {{"axis", std::int64_t{2}}});
    return slice(all, "head.named", 1, classes_ + 1);
  }

  /// Corners from codes.
  std::string decoded(const std::string& code) {
    const Tensor boxes = default_boxes(boxes_);
    const auto [centres, sizes] = centres_and_sizes(boxes);
    const std::string size_of_box = net_.constant(sizes);
    const std::string offset =
        net_.add("Div", "head.offset", {slice(code, "head.code.offset", 0, 2), number(kOffsetWeight)});
    const std::string quotient =
        net_.add("Div", "head.quotient", {slice(code, "head.code.size", 2, 4), number(kSizeWeight)});
    const std::string bounded =
        net_.add("Min", "head.bounded", {quotient, number(static_cast<float>(kLargestSizeCode))});
    const std::string moved = net_.add("Mul", "head.moved", {offset, size_of_box});
    const std::string centre = net_.add("Add", "head.centre", {moved, net_.constant(centres)});
    const std::string size = net_.add("Mul", "head.size", {net_.add("Exp", "head.scale", {bounded}), size_of_box});
    const std::string half = net_.add("Mul", "head.half", {size, number(0.5F)});
    const std::string low = net_.add("Sub", "head.low", {centre, half}),
                      high = net_.add("Add", "head.high", {centre, half});
    const std::string corners = net_.add("Concat", "head.corners", {low, high}, {{"axis", std::int64_t{2}}});
    const auto width = static_cast<float>(boxes_.width), height = static_cast<float>(boxes_.height);
    const std::string ends = net_.constant(Tensor::of<float>({kCodeWidth}, {width, height, width, height}));
    return net_.add("Max", "head.inside", {net_.add("Min", "head.ended", {corners, ends}), number(0)});
  }

  static std::pair<Tensor, Tensor> centres_and_sizes(const Tensor& boxes) {
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

  std::string slice(const std::string& x, const std::string& name, std::int64_t begin, std::int64_t end) {
    return net_.add("Slice", name, {x, net_.integers({begin}), net_.integers({end}), net_.integers({2})});
  }
  std::string number(float value) { return net_.constant(Tensor::scalar(value)); }

  const HeadFeatures& features_;
  std::int64_t classes_;
  DefaultBoxSpec boxes_;
  GraphBuilder net_;
  std::vector<std::string> maps_;
};

}  // namespace

DefaultBoxSpec ssdlite_boxes(const HeadFeatures& features) {
  require_maps(features);
  return {.height = features.input[2].size, .width = features.input[3].size, .grids = grids_of(features)};
}

Blueprint ssdlite_network(const HeadSpec& /*spec*/, const HeadFeatures& features, std::int64_t classes) {
  require_maps(features);
  if (classes < 1) throw usage_error("head: classes", fmt::format("{}", classes), "at least one");
  return SsdliteWriter(features, classes).write();
}

}  // namespace enxerto
