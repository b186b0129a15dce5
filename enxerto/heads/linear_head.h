#pragma once
#include <cstddef>
#include <string>
#include <string_view>

#include "enxerto/graph/graph.h"
#include "enxerto/heads/softmax_regression.h"

namespace enxerto {

/// What a linear head is fed with.
enum class HeadInput {
  map,     ///< (batch, features, height, width): averaged over height and width first
  pooled,  ///< (batch, features)
};

struct LinearHeadOptions {
  std::string input = "features_map";  ///< the value that the head is grafted on
  HeadInput kind = HeadInput::map;
};

/// The outputs of a linear head: (batch, classes) float32 each.
inline constexpr std::string_view kHeadLogits = "head.logits";
inline constexpr std::string_view kHeadProbabilities = "probabilities";

/// The head as a graph of the single stage "head": [GlobalAveragePool, Flatten,] Gemm with the parameters
/// "head.weight" (classes, features) and "head.bias" (classes), Softmax. Throws Error{data} unless the classifier has
/// `features` features and one bias a class.
Graph linear_head(std::size_t features, const LinearClassifier& classifier, const LinearHeadOptions& options = {});

}  // namespace enxerto
