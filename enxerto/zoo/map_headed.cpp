#include "enxerto/zoo/map_headed.h"

#include <utility>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/error.h"

namespace enxerto {

std::string map_headed_input(GraphBuilder& net, const MapHeadedConfig& config, const std::string& name) {
  if (config.size < 1 || config.classes < 1)
    throw usage_error(name, fmt::format("{} px, {} classes", config.size, config.classes),
                      "at least one pixel and one class");
  return net.input("input", {"batch", 3, config.size, config.size});
}

HeadFeatures map_features(const GraphBuilder& net, std::initializer_list<std::string> maps, const std::string& input) {
  std::vector<Value> values;
  for (const std::string& map : maps) values.push_back({map, DType::f32, net.shape_of(map)});
  HeadFeatures features(values.back());
  features.maps = std::move(values);
  if (!input.empty()) features.input = net.shape_of(input);
  return features;
}

}  // namespace enxerto
