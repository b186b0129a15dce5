#include "enxerto/transfer/loop_options.h"

#include <algorithm>
#include <cmath>

namespace enxerto {
namespace {

constexpr std::int64_t kFewPoints = 8;  // of curves that only show

}  // namespace

LoopOptions loop_options(const Phase& phase) {
  LoopOptions options;
  options.name = phase.train_from;
  options.epochs = phase.epochs;
  options.steps_per_epoch = phase.steps_per_epoch;
  options.batch_size = phase.batch_size;
  options.batch_tokens = phase.batch_tokens;
  options.accumulation_steps = phase.accumulation_steps;
  options.learning_rate = phase.learning_rate;
  options.schedule = phase.schedule;
  options.early_stopping = phase.early_stopping;
  options.average_epochs = phase.average_epochs;
  options.averaged = phase.ema_decay > 0;
  return options;
}

double steps_in_epoch(const Phase& phase, double learned_from, double judged) {
  const auto batch = static_cast<double>(phase.batch_size), most = static_cast<double>(phase.steps_per_epoch);
  const double all = std::ceil((learned_from + judged) / batch);
  return most > 0 ? std::min(all, most + std::ceil(judged / batch)) : all;
}

std::int64_t judged_every(std::int64_t epochs, std::size_t judged, std::size_t learned_from) {
  return judged <= learned_from ? 1 : (epochs + kFewPoints - 1) / kFewPoints;
}

}  // namespace enxerto
