#include "enxerto/heads/ssdlite.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "enxerto/graph/builder.h"
#include "enxerto/heads/box_layers.h"
#include "enxerto/heads/map_head.h"

namespace enxerto {
namespace {

constexpr std::size_t kMostMaps = 6;
constexpr std::array<std::int64_t, 5> kExtraWidths{512, 256, 256, 128, 128};
constexpr float kNormEpsilon = 1e-3F;
/// All convolutions begin as torchvision's do: of new depthwise ones much smaller numbers than by their fans, so that
/// rates as usual change them.
constexpr double kDeviation = 0.03;

/// Writes the head, a piece a function.
class SsdliteWriter {
 public:
  SsdliteWriter(GraphBuilder& net, const HeadFeatures& features, std::int64_t classes)
      : net_(net), features_(features), classes_(classes), boxes_(ssdlite_boxes(features)) {}

  void write() {
    for (const Value& map : features_.maps) maps_.push_back(map.name);
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
    const Tensor boxes = default_boxes(boxes_);
    const std::string corners = decoded_boxes(
        net_, code, {.boxes = boxes, .weights = kSsdCode, .height = boxes_.height, .width = boxes_.width});
    const std::string answer = net_.add("Concat", "head.answer", {corners, named(scores)}, {{"axis", std::int64_t{2}}});
    net_.output(logits, std::string(kHeadLogits)).output(answer, std::string(kHeadProbabilities));
  }

 private:
  std::string conv(const std::string& x, const ConvSpec& spec) {
    std::string y = net_.conv(x, spec);
    net_.start(spec.name + ".weight", {.deviation = kDeviation});
    return y;
  }

  std::string norm_act(const std::string& x, const std::string& name) {
    return net_.relu6(net_.batch_norm(x, name + ".norm", kNormEpsilon), name + ".act");
  }

  std::string depthwise(const std::string& x, const std::string& name, std::int64_t stride) {
    const std::int64_t width = net_.shape_of(x)[1].size;
    return norm_act(
        conv(
            x,
            {.name = name, .out = width, .kernel = 3, .stride = stride, .groups = width, .padding = Padding::centered}),
        name);
  }

  /// A map of half the size.
  std::string extra(const std::string& x, std::size_t number) {
    const std::string name = fmt::format("head.extra{}", number);
    const std::int64_t width = kExtraWidths.at(std::min(number, kExtraWidths.size() - 1));
    const std::string narrow = norm_act(conv(x, {.name = name + ".reduce", .out = width / 2}), name + ".reduce");
    const std::string small = depthwise(narrow, name + ".depthwise", 2);
    return norm_act(conv(small, {.name = name + ".expand", .out = width}), name + ".expand");
  }

  /// (batch, channels, rows, columns) -> (batch, boxes of the map, width)
  std::string predicted(std::size_t map, const std::string& what, std::int64_t width) {
    const std::string name = fmt::format("head.map{}.{}", map, what);
    const std::int64_t each = boxes_.boxes_of_place();
    const std::string y =
        conv(depthwise(maps_[map], name + ".depthwise", 1), {.name = name, .out = each * width, .bias = true});
    return box_rows(net_, y, name, each);
  }

  /// Probabilities of the classes.
  std::string named(const std::string& scores) {
    const std::string all = net_.add("Softmax", "head.softmax", {scores}, {{"axis", std::int64_t{2}}});
    return box_columns(net_, all, "head.named", 1, classes_ + 1);
  }

  GraphBuilder& net_;
  const HeadFeatures& features_;
  std::int64_t classes_;
  DefaultBoxSpec boxes_;
  std::vector<std::string> maps_;
};

}  // namespace

DefaultBoxSpec ssdlite_boxes(const HeadFeatures& features) {
  require_box_maps(features);
  return {.height = features.input[2].size, .width = features.input[3].size, .grids = grids_of(features, kMostMaps)};
}

std::optional<HeadSpec> ssdlite_in(const StateDict& parameters) {
  if (!parameters.contains("head.map0.class.weight")) return std::nullopt;
  return HeadSpec{.kind = "ssdlite"};
}

void add_ssdlite(GraphBuilder& net, const HeadFeatures& features, std::int64_t classes) {
  require_box_maps(features, classes);
  SsdliteWriter(net, features, classes).write();
}

Blueprint ssdlite_network(const HeadSpec& /*spec*/, const HeadFeatures& features, std::int64_t classes) {
  return alone(features, [&](GraphBuilder& net) { add_ssdlite(net, features, classes); });
}

}  // namespace enxerto
