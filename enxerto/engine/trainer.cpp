#include "enxerto/engine/trainer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "enxerto/base/error.h"
#include "enxerto/base/to_size.h"
#include "enxerto/engine/bind.h"
#include "enxerto/engine/load_module.h"
#include "enxerto/engine/torch/module.h"
#include "enxerto/engine/trainer_options.h"
#include "enxerto/files/mapping.h"

namespace enxerto {
namespace {

/// Looks at what each call is given, so that the engine behind it meets only what fits.
class CheckedTrainer final : public Trainer {
 public:
  CheckedTrainer(const Graph& graph, const TrainerOptions& options, const TrainingModule& module)
      : keeps_average_(options.ema_decay > 0),
        carried_examples_(options.carried_examples),
        trainer_(module.make_trainer(graph, options)) {
    for (const ParameterGroup& group : options.groups) learns_ = learns_ || !group.parameters.empty();
    signature_.name = graph.name;
    for (const Value& input : graph.inputs)
      if (!is_carried(options, input.name)) signature_.inputs.push_back(input);
  }

  StepResult step(std::span<const TrainBatch> micro_batches, double learning_rate) override {
    if (!learns_) refuse("training step", "no group has a parameter", "something to train");
    if (!std::isfinite(learning_rate) || learning_rate < 0)
      refuse("learning rate", fmt::format("{}", learning_rate), "a finite number, not negative");
    if (micro_batches.empty()) refuse("training step", "a batch of no micro-batches", "one or more");
    for (const TrainBatch& micro_batch : micro_batches) check_micro_batch(micro_batch);
    check_continuing(micro_batches);
    return trainer_->step(micro_batches, learning_rate);
  }

  TensorMap evaluate(const TensorMap& inputs, bool averaged) override {
    check_average(averaged);
    symbol_sizes(signature_, in_order(signature_, inputs));
    return trainer_->evaluate(inputs, averaged);
  }

  void absorb_statistics(const TensorMap& inputs) override {
    symbol_sizes(signature_, in_order(signature_, inputs));
    trainer_->absorb_statistics(inputs);
  }

  StateDict parameters(bool averaged) const override {
    check_average(averaged);
    return trainer_->parameters(averaged);
  }

  void set_parameters(const StateDict& parameters) override { trainer_->set_parameters(parameters); }
  StateDict state() const override { return trainer_->state(); }
  void restore(const StateDict& state) override { trainer_->restore(state); }
  std::string engine() const override { return trainer_->engine(); }

 private:
  [[noreturn]] static void refuse(std::string where, std::string found, std::string expected) {
    throw usage_error(std::move(where), std::move(found), std::move(expected));
  }

  void check_average(bool averaged) const {
    if (averaged && !keeps_average_) refuse("averaged parameters", "no moving average is kept", "ema_decay above 0");
  }

  void check_micro_batch(const TrainBatch& micro_batch) const {
    const SymbolSizes sizes = symbol_sizes(signature_, in_order(signature_, micro_batch.inputs));
    const auto batch = sizes.find("batch");
    if (batch != sizes.end() && batch->second != micro_batch.examples)
      refuse_micro_batch(fmt::format("{} examples in inputs of a batch of {}", micro_batch.examples, batch->second),
                         "\"batch\" to be the number of examples");
    if (!std::isfinite(micro_batch.weight) || micro_batch.weight <= 0)
      refuse_micro_batch(fmt::format("a weight of {}", micro_batch.weight), "a finite number above 0");
  }

  static bool is_carried(const TrainerOptions& options, const std::string& input) {
    return std::ranges::find(options.carried, input, &KeptState::input) != options.carried.end();
  }

  void check_continuing(std::span<const TrainBatch> micro_batches) const {
    std::int64_t examples = 0;
    for (const TrainBatch& micro_batch : micro_batches) {
      examples += micro_batch.examples;
      if (micro_batch.continues.empty()) continue;
      if (micro_batch.continues.size() != to_size(micro_batch.examples))
        refuse_micro_batch(fmt::format("{} examples of which {} are said to go on from others", micro_batch.examples,
                                       micro_batch.continues.size()),
                           "as many, or none");
      if (examples > carried_examples_)
        refuse_micro_batch(fmt::format("{} examples that go on from others", examples),
                           fmt::format("at most {}: the option carried_examples", carried_examples_));
    }
  }

  [[noreturn]] static void refuse_micro_batch(std::string found, std::string expected) {
    throw data_error("training step", std::move(found), std::move(expected));
  }

  const bool keeps_average_;
  const std::int64_t carried_examples_;
  bool learns_ = false;
  Graph signature_;  // name and inputs only
  std::unique_ptr<Trainer> trainer_;
};

}  // namespace

std::unique_ptr<Trainer> make_trainer(const Graph& graph, const TrainerOptions& options) {
  check(graph);
  check_options(options, graph);
  auto trainer = std::make_unique<CheckedTrainer>(graph, options, training_module());
  throw_if_a_file_shrank();  // the weights, which the trainer has copied
  return trainer;
}

}  // namespace enxerto
