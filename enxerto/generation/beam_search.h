#pragma once
#include <cstdint>
#include <vector>

#include "enxerto/base/progress.h"

namespace enxerto {

struct LanguageModel;      // language_model.h
struct GenerationRequest;  // generate.h
class Decoder;             // decoder.h

/// A text that a search has ended with.
struct FinishedBeam {
  std::vector<std::int64_t> tokens;  ///< behind the prompt
  double score = 0;                  ///< log-probability / length ^ length_penalty
};

/// The `options.samples` best texts of at most `most` tokens, the best first, by transformers' definition (5.24,
/// `_beam_search`): of the log-probabilities, changed as `change_scores` does, the sums over each beam; twice as many
/// candidates as beams (more with several tokens that end a text), of which one that ends counts only among the first
/// `beams`.
std::vector<FinishedBeam> beam_search(const LanguageModel& model, Decoder& decoder, const GenerationRequest& request,
                                      std::int64_t most, Progress& progress);

}  // namespace enxerto
