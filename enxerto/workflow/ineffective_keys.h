#pragma once
#include "enxerto/heads/loss.h"
#include "enxerto/workflow/recipe.h"

namespace enxerto {

/// What a run is about to do, as far as it decides which keys of its recipe matter.
struct RunFacts {
  const Recipe& asked;               ///< as it was given
  const std::vector<Phase>& phases;  ///< as they will run
  const LossSpec& loss;              ///< as the task has decided it
  bool pools = true;                 ///< what enters the head is a map, or tokens
  bool maps = false;                 ///< what enters the head are maps of several stages
  bool layers = false;               ///< the head has layers before the last, asked for or not
  bool draws = true;                 ///< weights of the head begin as head.init says
  bool learns_words = false;         ///< the network's vocabulary is made for it
  bool has_test = false;             ///< there is test data of its own
  bool decides = true;               ///< the task sets a threshold

  bool steps() const;   ///< a phase trains by steps
  bool solves() const;  ///< a phase solves the head exactly
};

/// What has no effect is no wish that was heard. Throws Error{usage}, with the reason, for the first key that has
/// another value than its default although nothing in this run looks at it.
void refuse_ineffective(const RunFacts& facts);

}  // namespace enxerto
