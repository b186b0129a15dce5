#include "enxerto/zoo/segmenters.h"

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/graph/builder.h"
#include "enxerto/heads/deeplab.h"
#include "enxerto/heads/fcn.h"
#include "enxerto/heads/lraspp.h"
#include "enxerto/zoo/mobilenet_v3.h"
#include "enxerto/zoo/resnet.h"

namespace enxerto {
namespace {

constexpr std::int64_t kEighthOfInput = 8;

std::string begun(GraphBuilder& net, const SegmenterConfig& config, const std::string& name) {
  if (config.size < 1 || config.classes < 1)
    throw usage_error(name, fmt::format("{} px, {} classes", config.size, config.classes),
                      "at least one pixel and one class");
  return net.input("input", {"batch", 3, config.size, config.size});
}

HeadFeatures head_features(const GraphBuilder& net, std::initializer_list<std::string> maps) {
  std::vector<Value> values;
  for (const std::string& map : maps) values.push_back({map, DType::f32, net.shape_of(map)});
  HeadFeatures features(values.back());
  features.maps = std::move(values);
  return features;
}

std::string resnet50_map(GraphBuilder& net, const std::string& input, const SegmenterConfig& config) {
  return add_resnet_body(net, input, {.depth = 50, .size = config.size, .output_stride = kEighthOfInput}).back();
}

}  // namespace

Blueprint fcn_resnet50(const SegmenterConfig& config) {
  GraphBuilder net("fcn_resnet50");
  const std::string input = begun(net, config, "fcn_resnet50");
  add_fcn(net, head_features(net, {resnet50_map(net, input, config)}), config.classes);
  return std::move(net).finish();
}

Blueprint deeplabv3_resnet50(const SegmenterConfig& config) {
  GraphBuilder net("deeplabv3_resnet50");
  const std::string input = begun(net, config, "deeplabv3_resnet50");
  add_deeplab(net, head_features(net, {resnet50_map(net, input, config)}), config.classes);
  return std::move(net).finish();
}

Blueprint deeplabv3_mobilenet_v3_large(const SegmenterConfig& config) {
  GraphBuilder net("deeplabv3_mobilenet_v3_large");
  const std::string input = begun(net, config, "deeplabv3_mobilenet_v3_large");
  const auto maps = add_dilated_mobilenet_v3_body(net, input, {.size = config.size});
  add_deeplab(net, head_features(net, {maps[1]}), config.classes);
  return std::move(net).finish();
}

Blueprint lraspp_mobilenet_v3_large(const SegmenterConfig& config) {
  GraphBuilder net("lraspp_mobilenet_v3_large");
  const std::string input = begun(net, config, "lraspp_mobilenet_v3_large");
  const auto maps = add_dilated_mobilenet_v3_body(net, input, {.size = config.size});
  add_lraspp(net, head_features(net, {maps[0], maps[1]}), config.classes);
  return std::move(net).finish();
}

std::int64_t classes_of_segmenter(const StateDict& weights) {
  for (const char* name : {"head.scores.bias", "head.deep.scores.bias"})
    if (const Tensor* const bias = weights.find(name); bias != nullptr && bias->shape().size() == 1)
      return bias->shape()[0];
  return 0;
}

}  // namespace enxerto
