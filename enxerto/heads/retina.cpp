#include "enxerto/heads/retina.h"

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"
#include "enxerto/graph/builder.h"
#include "enxerto/heads/box_layers.h"
#include "enxerto/heads/map_head.h"

namespace enxerto {
namespace {

constexpr std::size_t kPyramidMaps = 5;
constexpr std::int64_t kPlacesOfAnchor = 4;
constexpr float kRetinaNormEpsilon = 1e-3F;
constexpr double kDeviation = 0.01;
constexpr double kPriorLogit = -4.59511985013459;  // -log(99): a probability of 0.01

std::vector<std::int64_t> tower_widths(const HeadSpec& spec) {
  if (spec.hidden.empty()) return {kRetinaTowers.begin(), kRetinaTowers.end()};
  if (std::ranges::adjacent_find(spec.hidden, std::ranges::not_equal_to()) != spec.hidden.end())
    throw usage_error("head.hidden", fmt::format("{}", fmt::join(spec.hidden, ", ")),
                      "equal widths: the towers of a retina head are as wide as its pyramid", "hidden = [128, 128]");
  return spec.hidden;
}

Attributes nearest_resize() {
  return {{"mode", "nearest"},
          {"axes", std::vector<std::int64_t>{2, 3}},
          {"coordinate_transformation_mode", "asymmetric"},
          {"nearest_mode", "floor"}};
}

/// Five maps, the smallest of which may be of one place each.
std::vector<std::array<std::int64_t, 2>> pyramid_grids(const HeadFeatures& features) {
  std::vector<std::array<std::int64_t, 2>> grids = grids_of(features, kPyramidMaps);
  grids.resize(std::max(grids.size(), kPyramidMaps), {1, 1});
  return grids;
}

/// Writes the head, a piece a function.
class RetinaWriter {
 public:
  RetinaWriter(GraphBuilder& net, const HeadSpec& spec, const HeadFeatures& features, std::int64_t classes)
      : net_(net),
        features_(features),
        towers_(tower_widths(spec)),
        norm_(spec.batch_norm),
        classes_(classes),
        anchors_(retina_anchors(features)) {}

  void write() {
    const std::vector<std::string> maps = pyramid();
    const std::string scores = predicted(maps, "class", classes_, kPriorLogit);
    const std::string code = predicted(maps, "box", kCodeWidth, 0);
    const std::string logits = net_.add("Concat", "head.together", {scores, code}, {{"axis", std::int64_t{2}}});
    const Tensor boxes = anchor_boxes(anchors_);
    const std::string corners = decoded_boxes(
        net_, code, {.boxes = boxes, .weights = kRetinaCode, .height = anchors_.height, .width = anchors_.width});
    const std::string answer = net_.add(
        "Concat", "head.answer", {corners, net_.add("Sigmoid", "head.sigmoid", {scores})}, {{"axis", std::int64_t{2}}});
    net_.output(logits, std::string(kHeadLogits)).output(answer, std::string(kHeadProbabilities));
  }

 private:
  std::int64_t width() const { return towers_.front(); }

  std::string normed(const std::string& x, const std::string& name) {
    return norm_ ? net_.batch_norm(x, name + ".norm", kRetinaNormEpsilon) : x;
  }

  std::string square(const std::string& x, const std::string& name, std::int64_t stride) {
    return normed(
        net_.conv(
            x,
            {.name = name, .out = width(), .kernel = 3, .stride = stride, .padding = Padding::centered, .bias = true}),
        name);
  }

  /// Maps of one width, each with what the smaller ones behind it have seen.
  std::vector<std::string> pyramid() {
    std::vector<std::string> taken;
    for (const Value& map : features_.maps) taken.push_back(map.name);
    net_.stage(std::string(kHeadStage));
    std::vector<std::string> maps(taken.size());
    std::string above;
    for (std::size_t i = taken.size(); i-- > 0;) {
      const std::string name = fmt::format("head.pyramid{}", i);
      std::string x = net_.conv(taken[i], {.name = name + ".lateral", .out = width(), .bias = true});
      if (!above.empty()) {
        const auto [rows, columns] = anchors_.grids[i];
        const std::string larger =
            net_.add("Resize", name + ".larger", {above, "", "", net_.integers({rows, columns})}, nearest_resize());
        x = net_.add("Add", name + ".sum", {x, larger});
      }
      above = x;
      maps[i] = square(x, name, 1);
    }
    while (maps.size() < anchors_.grids.size()) {
      const std::string name = fmt::format("head.pyramid{}", maps.size());
      const bool first = maps.size() == taken.size();
      maps.push_back(square(first ? maps.back() : net_.relu(maps.back(), name + ".act"), name, 2));
    }
    return maps;
  }

  /// One layer of a tower on one map, whose parameters are those of the first.
  std::string tower_layer(const std::string& x, const std::string& layer, std::size_t map) {
    const std::string name = fmt::format("{}.on{}", layer, map);
    const std::string y = net_.conv(
        x, {.name = name, .shared = layer, .out = width(), .kernel = 3, .padding = Padding::centered, .bias = true});
    return net_.relu(normed(y, name), name + ".act");
  }

  /// (batch, anchors, width)
  std::string predicted(const std::vector<std::string>& maps, const std::string& what, std::int64_t each, double bias) {
    const std::string stem = "head." + what;
    std::vector<std::string> parts;
    for (std::size_t map = 0; map < maps.size(); ++map) {
      std::string x = maps[map];
      for (std::size_t i = 0; i < towers_.size(); ++i) x = tower_layer(x, fmt::format("{}.tower{}", stem, i), map);
      const std::string name = fmt::format("{}.on{}", stem, map);
      x = net_.conv(x, {.name = name,
                        .shared = stem,
                        .out = kAnchorsOfPlace * each,
                        .kernel = 3,
                        .padding = Padding::centered,
                        .bias = true});
      parts.push_back(box_rows(net_, x, name, kAnchorsOfPlace));
    }
    net_.start(stem + ".weight", {.deviation = kDeviation}).start(stem + ".bias", {.mean = bias});
    return net_.add("Concat", stem + ".all", parts, {{"axis", std::int64_t{1}}});
  }

  GraphBuilder& net_;
  const HeadFeatures& features_;
  std::vector<std::int64_t> towers_;
  bool norm_;
  std::int64_t classes_;
  AnchorSpec anchors_;
};

}  // namespace

AnchorSpec retina_anchors(const HeadFeatures& features) {
  require_box_maps(features);
  const std::int64_t height = features.input[2].size, rows = features.maps.front().shape[2].size;
  return {.height = height,
          .width = features.input[3].size,
          .grids = pyramid_grids(features),
          .smallest = std::max<std::int64_t>(1, (kPlacesOfAnchor * height + rows / 2) / rows)};
}

std::optional<HeadSpec> retina_in(const StateDict& parameters) {
  if (!parameters.contains("head.pyramid0.lateral.weight")) return std::nullopt;
  HeadSpec spec{.batch_norm = parameters.contains("head.pyramid0.norm.weight"), .kind = "retina"};
  for (std::size_t i = 0;; ++i) {
    const Tensor* const bias = parameters.find(fmt::format("head.class.tower{}.bias", i));
    if (bias == nullptr) return spec;
    spec.hidden.push_back(bias->shape().at(0));
  }
}

void add_retina(GraphBuilder& net, const HeadSpec& spec, const HeadFeatures& features, std::int64_t classes) {
  require_box_maps(features, classes);
  RetinaWriter(net, spec, features, classes).write();
}

Blueprint retina_network(const HeadSpec& spec, const HeadFeatures& features, std::int64_t classes) {
  return alone(features, [&](GraphBuilder& net) { add_retina(net, spec, features, classes); });
}

}  // namespace enxerto
