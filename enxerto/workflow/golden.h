#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "enxerto/base/tensor_map.h"
#include "enxerto/features/extract.h"

namespace enxerto {

/// A few examples that the preprocessor makes up, the same in every run: nobody's data.
DatasetPtr made_up_examples(const PreprocessorPtr& preprocessor);

/// A few of the examples at `among`, of different classes where there are some.
DatasetPtr real_examples(const DatasetPtr& dataset, std::span<const std::size_t> among);

/// A finished network.
struct GoldenNetwork {
  const Graph& network;  ///< as it is saved
  std::string cut;       ///< the stage before which values are looked for in the cache
  PreprocessorPtr preprocessor;
  std::string description;  ///< of the cached values
};

/// "input/NAME" and "output/NAME", as a bundle has them: what the saved model must give for these examples in fp32.
/// Values at the cut come from the cache where they are there, so that a second run need not compile the prefix; the
/// inputs themselves are never kept in it.
TensorMap golden_tensors(const Dataset& few, const GoldenNetwork& golden, const ExtractOptions& options);

}  // namespace enxerto
