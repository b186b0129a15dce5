#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "enxerto/base/tensor_map.h"
#include "enxerto/features/extract.h"

namespace enxerto {

/// Positions of a few real examples among those at `among`, of different classes where there are some.
std::vector<std::size_t> golden_positions(const Dataset& dataset, std::span<const std::size_t> among);

/// A finished network.
struct GoldenNetwork {
  const Graph& network;  ///< as it is saved
  std::string cut;       ///< the stage before which values are looked for in the cache
  PreprocessorPtr preprocessor;
  std::string description;  ///< of the cached values
};

/// "input/NAME" and "output/NAME", as a bundle has them: what the saved model must give for these examples in fp32.
/// Inputs and values at the cut come from the cache where they are there, so that a second run decodes nothing.
TensorMap golden_tensors(const DatasetPtr& dataset, std::vector<std::size_t> positions, const GoldenNetwork& golden,
                         const ExtractOptions& options);

}  // namespace enxerto
