#include "enxerto/zoo/segmenters.h"

#include <string>
#include <utility>

#include "enxerto/graph/builder.h"
#include "enxerto/heads/deeplab.h"
#include "enxerto/heads/fcn.h"
#include "enxerto/heads/lraspp.h"
#include "enxerto/zoo/map_headed.h"
#include "enxerto/zoo/mobilenet_v3.h"
#include "enxerto/zoo/resnet.h"

namespace enxerto {
namespace {

constexpr std::int64_t kEighthOfInput = 8;

std::string resnet50_map(GraphBuilder& net, const std::string& input, const MapHeadedConfig& config) {
  return add_resnet_body(net, input, {.depth = 50, .size = config.size, .output_stride = kEighthOfInput}).back();
}

}  // namespace

Blueprint fcn_resnet50(const MapHeadedConfig& config) {
  GraphBuilder net("fcn_resnet50");
  const std::string input = map_headed_input(net, config, "fcn_resnet50");
  add_fcn(net, map_features(net, {resnet50_map(net, input, config)}), config.classes);
  return std::move(net).finish();
}

Blueprint deeplabv3_resnet50(const MapHeadedConfig& config) {
  GraphBuilder net("deeplabv3_resnet50");
  const std::string input = map_headed_input(net, config, "deeplabv3_resnet50");
  add_deeplab(net, map_features(net, {resnet50_map(net, input, config)}), config.classes);
  return std::move(net).finish();
}

Blueprint deeplabv3_mobilenet_v3_large(const MapHeadedConfig& config) {
  GraphBuilder net("deeplabv3_mobilenet_v3_large");
  const std::string input = map_headed_input(net, config, "deeplabv3_mobilenet_v3_large");
  const auto maps = add_dilated_mobilenet_v3_body(net, input, {.size = config.size});
  add_deeplab(net, map_features(net, {maps[1]}), config.classes);
  return std::move(net).finish();
}

Blueprint lraspp_mobilenet_v3_large(const MapHeadedConfig& config) {
  GraphBuilder net("lraspp_mobilenet_v3_large");
  const std::string input = map_headed_input(net, config, "lraspp_mobilenet_v3_large");
  const auto maps = add_dilated_mobilenet_v3_body(net, input, {.size = config.size});
  add_lraspp(net, map_features(net, {maps[0], maps[1]}), config.classes);
  return std::move(net).finish();
}

std::int64_t classes_of_segmenter(const StateDict& weights) {
  for (const char* name : {"head.scores.bias", "head.deep.scores.bias"})
    if (const Tensor* const bias = weights.find(name); bias != nullptr && bias->shape().size() == 1)
      return bias->shape()[0];
  return 0;
}

}  // namespace enxerto
