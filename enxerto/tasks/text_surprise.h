#pragma once
#include <cstdint>
#include <vector>

#include "enxerto/base/tensor_map.h"
#include "enxerto/tasks/judged.h"
#include "enxerto/tasks/prediction.h"

namespace enxerto {

/// How little a text was expected: what a network that foretells words answers for one.
struct TextSurprise {
  double nats = 0, tokens = 0;
  double of_token() const { return tokens > 0 ? nats / tokens : 0; }
};

/// The first two of an answer of `width` numbers. Throws as `answers_of`.
TextSurprise text_surprise(const TensorMap& outputs, std::int64_t width);

/// "perplexity", "bits_per_token" and "tokens".
std::vector<Prediction> predictions_of(const TextSurprise& surprise);

/// The more surprising, the worse.
Judged judged(const TextSurprise& surprise);

/// Targets for the metrics; the loss needs none, for the words are inputs. Throws Error{data} unless `target` has so
/// many facts of a text, float32.
TensorMap facts_as_targets(const Tensor& target, std::size_t facts);

}  // namespace enxerto
