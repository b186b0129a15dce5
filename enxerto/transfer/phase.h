#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/base/words.h"
#include "enxerto/engine/optimizer_options.h"
#include "enxerto/media/image/augmentation.h"
#include "enxerto/training/pacing.h"

namespace enxerto {

/// What becomes of the batch normalisations of a phase.
enum class BatchNormPolicy {
  automatic,  ///< train where the network's weights are random, else frozen
  frozen,     ///< running statistics stay
  recompute,  ///< running statistics are made anew from the training data before the phase, then stay
  train,      ///< they follow the batches
};
template <>
inline constexpr std::array<std::string_view, 4> kWords<BatchNormPolicy>{"auto", "frozen", "recompute", "train"};

/// A linear head is solved exactly in place of steps: by L-BFGS, or, of numbers, in closed form.
inline constexpr OptimizerRow kExact{"lbfgs", "a linear head, solved exactly", {}, nullptr};

/// One phase of training: where the network is cut, and how what is behind the cut learns.
struct Phase {
  std::string train_from = "head";  ///< the first stage that learns ("head", "layer4" ..), or "all"
  std::int64_t epochs = 10, steps_per_epoch = 0, average_epochs = 0;  ///< steps, 0: all; epochs whose mean is judged
  OptimizerOptions optimizer = {};  ///< its `kind` may be `kExact` too, which makes no steps
  double learning_rate = 1e-3;
  bool lr_find = false;                           ///< the learning-rate finder chooses `learning_rate`
  double layer_decay = 1;                         ///< a stage's rate is this to the power of its distance from the head
  std::int64_t batch_size = 0, batch_tokens = 0;  ///< 0: `kUsualBatch`, or all if fewer; any number of tokens
  double weight_decay = 0;
  bool decay_all = false;               ///< weight decay of biases and norms too
  double clip_norm = 0;                 ///< 0: no clipping
  std::int64_t accumulation_steps = 1;  ///< micro-batches that a batch is computed in, to save memory
  double ema_decay = 0;          ///< exponential moving average of the weights, which is then what is kept; 0: none
  double recurrent_dropout = 0;  ///< strength of AWD-LSTM's dropouts in recurrent layers that are trained
  bool carry_state = true;       ///< recurrent layers begin a piece of a text with the states of the piece before it
  double block_dropout = 0;      ///< rate of what is dropped in the blocks of transformers that are trained
  std::int64_t lora_rank = 0;    ///< above 0: of dense layers only a matrix of this rank beside each is learned
  double lora_alpha = 0;         ///< that matrix counts by alpha / rank; 0: by 1
  std::vector<std::string> lora_targets = {};  ///< parts of the names of those layers; empty: all
  BatchNormPolicy batch_norm = BatchNormPolicy::automatic;
  ScheduleOptions schedule = {};
  EarlyStopping early_stopping = {};
  Augmentation augmentation = {};
  std::int64_t views = 0;  ///< cached views of an example that is augmented before a frozen prefix; 0: epochs, up to 5

  bool solved_exactly() const { return optimizer.kind == kExact.name; }
};

}  // namespace enxerto
