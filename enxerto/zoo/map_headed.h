#pragma once
#include <cstdint>
#include <initializer_list>
#include <string>

#include "enxerto/graph/builder.h"
#include "enxerto/heads/head.h"

namespace enxerto {

/// A whole network whose head takes maps (zoo/detectors.h, zoo/segmenters.h).
struct MapHeadedConfig {
  std::int64_t size = 320;  ///< pixels a side
  std::int64_t classes = 21;
};

/// Its input "input" (batch, 3, size, size), the value's name. Throws Error{usage} naming the network for sizes
/// below 1.
std::string map_headed_input(GraphBuilder& net, const MapHeadedConfig& config, const std::string& name);

/// These values of the network as what a head takes. `input`: whose size the head asks for; "": it does not.
HeadFeatures map_features(const GraphBuilder& net, std::initializer_list<std::string> maps,
                          const std::string& input = "");

}  // namespace enxerto
