#pragma once
#include "enxerto/engine/trainer.h"

namespace enxerto {

/// Puts a trainer back as it was when this was made, after steps that were only for finding something out.
class PutBack {
 public:
  explicit PutBack(Trainer& trainer) : trainer_(trainer), state_(trainer.state()) {}
  void now() { trainer_.restore(state_); }

 private:
  Trainer& trainer_;
  StateDict state_;
};

}  // namespace enxerto
