#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "enxerto/base/tensor_map.h"
#include "enxerto/features/extract.h"
#include "enxerto/heads/softmax_regression.h"

namespace enxerto {

/// Positions (in the data set) of a few real examples, of different classes where there are some, chosen among `rows`
/// of `features`.
std::vector<std::size_t> golden_positions(const Dataset& dataset, const Extracted& features,
                                          std::span<const std::size_t> rows);

/// "input/NAME" and "output/NAME", as a bundle has them: what the saved model must give for these examples in fp32.
/// Inputs and features come from the cache where they are there, so that a second run decodes nothing.
TensorMap golden_tensors(const DatasetPtr& dataset, std::vector<std::size_t> positions, const FeatureSource& source,
                         const LinearClassifier& classifier, const ExtractOptions& options);

/// The same of a whole network whose only output is "probabilities", run in fp32.
TensorMap golden_tensors(const DatasetPtr& dataset, std::vector<std::size_t> positions, const Graph& network,
                         const PreprocessorPtr& preprocessor, const ExtractOptions& options);

}  // namespace enxerto
