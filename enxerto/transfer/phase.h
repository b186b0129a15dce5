#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/media/image/augment.h"
#include "enxerto/training/schedule.h"
#include "enxerto/training/stopping_rule.h"

namespace enxerto {

/// One phase of training: where the network is cut, and how what is behind the cut learns.
struct Phase {
  std::string train_from = "head";  ///< the first stage that learns ("head", "layer4" ..), or "all"
  std::int64_t epochs = 10;
  std::string optimizer = "adam";  ///< convex (a linear head, solved exactly) | sgd | adam | adamw | rmsprop
  double learning_rate = 1e-3;
  bool find_rate = false;  ///< the learning-rate finder chooses `learning_rate`
  double layer_decay = 1;  ///< a stage's rate is this to the power of its distance from the head
  std::int64_t batch_size = 32;
  double momentum = 0;  ///< of sgd and rmsprop
  bool nesterov = false;
  double weight_decay = 0;
  bool decay_all = false;           ///< weight decay of biases and norms too
  double epsilon = 0;               ///< of the optimizer; 0: PyTorch's (1e-8)
  double clip_norm = 0;             ///< 0: no clipping
  std::int64_t accumulate = 1;      ///< pieces that a batch is computed in, to save memory
  double average_decay = 0;         ///< exponential moving average of the weights, which is then what is kept; 0: none
  std::string batch_norm = "auto";  ///< frozen | restat | train; auto: train where weights are random, else frozen
  ScheduleOptions schedule = {};
  EarlyStopping stopping = {};
  Augmentation augmentation = {};
  std::int64_t views = 0;  ///< seeded views of a picture that are cached where it is augmented before a frozen prefix;
                           ///< 0: as many as epochs, at most 5
};

}  // namespace enxerto
