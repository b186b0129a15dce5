#pragma once
#include <span>
#include <string>
#include <vector>

#include "enxerto/tasks/alphabet.h"
#include "enxerto/tasks/prediction.h"

namespace enxerto {

/// A text that probabilities of labels say.
struct CtcText {
  std::string text;      ///< without blanks at both ends, as transformers' tokenizer of CTC writes it
  double logarithm = 0;  ///< of a search: of the probability of all alignments that were followed
};

/// Whether texts are searched for: several beams, several answers or a language model are asked for.
bool searches(const ReadingOptions& options);

/// What (frames, width) probabilities of one example say, best first: by the most probable label of each frame or
/// `top_k` of a search. At least one.
std::vector<CtcText> ctc_texts(std::span<const float> probabilities, const Alphabet& alphabet,
                               const ReadingOptions& options);

}  // namespace enxerto
