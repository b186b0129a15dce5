#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "enxerto/base/state_dict.h"
#include "enxerto/features/extract.h"
#include "enxerto/heads/softmax_regression.h"

namespace enxerto {

/// Positions (in the data set) of a few real pictures, of different classes where there are some, chosen among `rows`
/// of `features`.
std::vector<std::size_t> golden_positions(const Dataset& dataset, const Extracted& features,
                                          std::span<const std::size_t> rows);

/// "input" (n, 3, size, size) and "output" (n, classes): what the saved model must give for these pictures in fp32.
/// Pixels and features come from the cache where they are there, so that a second run decodes nothing.
StateDict golden_tensors(const DatasetPtr& dataset, std::vector<std::size_t> positions, const FeatureSource& source,
                         const LinearClassifier& classifier, const ExtractOptions& options);

/// The same of a whole network whose only output is "probabilities", run in fp32.
StateDict golden_tensors(const DatasetPtr& dataset, std::vector<std::size_t> positions, const Graph& network,
                         const ImagePreprocess& preprocess, const ExtractOptions& options);

}  // namespace enxerto
