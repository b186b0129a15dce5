#include "enxerto/zoo/detectors.h"

#include <string>
#include <utility>

#include "enxerto/graph/builder.h"
#include "enxerto/heads/anchor_boxes.h"
#include "enxerto/heads/retina.h"
#include "enxerto/heads/ssdlite.h"
#include "enxerto/zoo/map_headed.h"
#include "enxerto/zoo/mobilenet_v3.h"
#include "enxerto/zoo/resnet.h"

namespace enxerto {
namespace {

/// Units of a layer for each anchor of a place; 0 where it is not there.
std::int64_t units_of_anchor(const StateDict& weights, const char* bias, std::int64_t anchors) {
  const Tensor* const tensor = weights.find(bias);
  return tensor == nullptr || tensor->shape().size() != 1 ? 0 : tensor->shape()[0] / anchors;
}

}  // namespace

Blueprint ssdlite_mobilenet_v3_large(const MapHeadedConfig& config) {
  const std::string name = "ssdlite320_mobilenet_v3_large";
  GraphBuilder net(name);
  const std::string input = map_headed_input(net, config, name);
  const auto maps = add_mobilenet_v3_body(net, input, {.size = config.size, .reduced_tail = true});
  add_ssdlite(net, map_features(net, {maps[0], maps[1]}, input), config.classes);
  return std::move(net).finish();
}

Blueprint retinanet_resnet50(const MapHeadedConfig& config) {
  constexpr std::int64_t kWidth = 256;
  const std::string name = "retinanet_resnet50_fpn";
  GraphBuilder net(name);
  const std::string input = map_headed_input(net, config, name);
  const auto maps = add_resnet_body(net, input, {.depth = 50, .size = config.size});
  add_retina(net, {.hidden = {kWidth, kWidth, kWidth, kWidth}, .kind = "retina"},
             map_features(net, {maps[1], maps[2], maps[3]}, input), config.classes);
  return std::move(net).finish();
}

std::int64_t classes_of_ssdlite(const StateDict& weights) {
  return units_of_anchor(weights, "head.map0.class.bias", DefaultBoxSpec{}.boxes_of_place()) - 1;
}

std::int64_t classes_of_retinanet(const StateDict& weights) {
  return units_of_anchor(weights, "head.class.bias", kAnchorsOfPlace);
}

}  // namespace enxerto
