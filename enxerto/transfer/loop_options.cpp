#include "enxerto/transfer/loop_options.h"

namespace enxerto {

LoopOptions loop_options(const Phase& phase) {
  LoopOptions options;
  options.name = phase.train_from;
  options.epochs = phase.epochs;
  options.steps_per_epoch = phase.steps_per_epoch;
  options.batch_size = phase.batch_size;
  options.accumulation_steps = phase.accumulation_steps;
  options.learning_rate = phase.learning_rate;
  options.schedule = phase.schedule;
  options.early_stopping = phase.early_stopping;
  options.averaged = phase.ema_decay > 0;
  return options;
}

}  // namespace enxerto
