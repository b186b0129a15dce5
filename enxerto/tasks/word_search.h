#pragma once
#include <memory>

#include "enxerto/tasks/ngram_model.h"

namespace enxerto {

/// What a language model adds where words are searched for: `weight` times the natural logarithm of their probability,
/// and `bonus` for each word, which makes up for the words that a language model makes too few.
struct WordSearch {
  std::shared_ptr<const NgramModel> model = {};
  double weight = 0.5, bonus = 1.5;  // pyctcdecode's
};

}  // namespace enxerto
