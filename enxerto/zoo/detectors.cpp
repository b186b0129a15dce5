#include "enxerto/zoo/detectors.h"

#include <initializer_list>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/graph/builder.h"
#include "enxerto/heads/anchor_boxes.h"
#include "enxerto/heads/retina.h"
#include "enxerto/heads/ssdlite.h"
#include "enxerto/zoo/mobilenet_v3.h"
#include "enxerto/zoo/resnet.h"

namespace enxerto {
namespace {

void check(const DetectorConfig& config, const std::string& name) {
  if (config.size > 0 && config.classes > 0) return;
  throw usage_error(name, fmt::format("{} px, {} classes", config.size, config.classes),
                    "at least one pixel and one class");
}

HeadFeatures features_of(const GraphBuilder& net, std::initializer_list<std::string> maps, const std::string& input) {
  std::vector<Value> values;
  for (const std::string& map : maps) values.push_back({map, DType::f32, net.shape_of(map)});
  HeadFeatures features(values.back());
  features.maps = std::move(values);
  features.input = net.shape_of(input);
  return features;
}

/// Units of a layer for each anchor of a place; 0 where it is not there.
std::int64_t units_of_anchor(const StateDict& weights, const char* bias, std::int64_t anchors) {
  const Tensor* const tensor = weights.find(bias);
  return tensor == nullptr || tensor->shape().size() != 1 ? 0 : tensor->shape()[0] / anchors;
}

}  // namespace

Blueprint ssdlite_mobilenet_v3_large(const DetectorConfig& config) {
  const std::string name = "ssdlite320_mobilenet_v3_large";
  check(config, name);
  GraphBuilder net(name);
  const std::string input = net.input("input", {"batch", 3, config.size, config.size});
  const auto maps = add_mobilenet_v3_body(net, input, {.size = config.size, .reduced_tail = true});
  add_ssdlite(net, features_of(net, {maps[0], maps[1]}, input), config.classes);
  return std::move(net).finish();
}

Blueprint retinanet_resnet50(const DetectorConfig& config) {
  constexpr std::int64_t kWidth = 256;
  const std::string name = "retinanet_resnet50_fpn";
  check(config, name);
  GraphBuilder net(name);
  const std::string input = net.input("input", {"batch", 3, config.size, config.size});
  const auto maps = add_resnet_body(net, input, {.depth = 50, .size = config.size});
  add_retina(net, {.hidden = {kWidth, kWidth, kWidth, kWidth}, .kind = "retina"},
             features_of(net, {maps[1], maps[2], maps[3]}, input), config.classes);
  return std::move(net).finish();
}

std::int64_t classes_of_ssdlite(const StateDict& weights) {
  return units_of_anchor(weights, "head.map0.class.bias", DefaultBoxSpec{}.boxes_of_place()) - 1;
}

std::int64_t classes_of_retinanet(const StateDict& weights) {
  return units_of_anchor(weights, "head.class.bias", kAnchorsOfPlace);
}

}  // namespace enxerto
