#include "enxerto/engine/trainer.h"

#include <fmt/format.h>

#include <cmath>

#include "enxerto/base/error.h"
#include "enxerto/engine/bind.h"
#include "enxerto/engine/load_module.h"
#include "enxerto/engine/torch/module.h"
#include "enxerto/engine/trainer_options.h"

namespace enxerto {
namespace {

/// Looks at what each call is given, so that the engine behind it meets only what fits.
class CheckedTrainer final : public Trainer {
 public:
  CheckedTrainer(const Graph& graph, const TrainerOptions& options, const TrainingModule& module)
      : keeps_average_(options.average_decay > 0), trainer_(module.make_trainer(graph, options)) {
    for (const ParameterGroup& group : options.groups) learns_ = learns_ || !group.parameters.empty();
    signature_.name = graph.name;
    signature_.inputs = graph.inputs;
  }

  StepResult step(std::span<const TrainBatch> pieces, double learning_rate) override {
    if (!learns_) refuse("training step", "no group has a parameter", "something to train");
    if (!std::isfinite(learning_rate) || learning_rate < 0)
      refuse("learning rate", fmt::format("{}", learning_rate), "a finite number, not negative");
    if (pieces.empty()) refuse("training step", "a batch of no pieces", "one or more");
    for (const TrainBatch& piece : pieces) check_piece(piece);
    return trainer_->step(pieces, learning_rate);
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
    throw Error(ErrorKind::usage,
                {.where = std::move(where), .found = std::move(found), .expected = std::move(expected), .tip = ""});
  }

  void check_average(bool averaged) const {
    if (averaged && !keeps_average_)
      refuse("averaged parameters", "no moving average is kept", "average_decay above 0");
  }

  void check_piece(const TrainBatch& piece) const {
    const SymbolSizes sizes = symbol_sizes(signature_, in_order(signature_, piece.inputs));
    const auto batch = sizes.find("batch");
    if (batch != sizes.end() && batch->second != piece.examples)
      refuse_piece(fmt::format("{} examples in inputs of a batch of {}", piece.examples, batch->second),
                   "\"batch\" to be the number of examples");
    if (!std::isfinite(piece.weight) || piece.weight <= 0)
      refuse_piece(fmt::format("a weight of {}", piece.weight), "a finite number above 0");
  }

  [[noreturn]] static void refuse_piece(std::string found, std::string expected) {
    throw Error(ErrorKind::data, {.where = "training step",
                                  .found = std::move(found),
                                  .expected = std::move(expected),
                                  .tip = ""});
  }

  const bool keeps_average_;
  bool learns_ = false;
  Graph signature_;  // name and inputs only
  std::unique_ptr<Trainer> trainer_;
};

}  // namespace

std::unique_ptr<Trainer> make_trainer(const Graph& graph, const TrainerOptions& options) {
  check(graph);
  check_options(options, graph);
  return std::make_unique<CheckedTrainer>(graph, options, training_module());
}

}  // namespace enxerto
