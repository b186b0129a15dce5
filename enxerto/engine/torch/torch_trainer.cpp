#include "enxerto/engine/torch/torch_trainer.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>
#include <c10/core/InferenceMode.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/version.h>

#include <algorithm>
#include <cmath>
#include <new>
#include <optional>

#include "enxerto/base/error.h"
#include "enxerto/base/hash.h"
#include "enxerto/base/threads.h"
#include "enxerto/engine/torch/carried_states.h"
#include "enxerto/engine/torch/device.h"
#include "enxerto/engine/torch/graph_runner.h"
#include "enxerto/engine/torch/memory_reuse.h"
#include "enxerto/engine/torch/moving_average.h"
#include "enxerto/engine/torch/optimizer.h"
#include "enxerto/engine/torch/side_runners.h"
#include "enxerto/engine/torch/tensors.h"
#include "enxerto/engine/torch/torch_error.h"
#include "enxerto/engine/torch/training_state.h"

namespace enxerto {
namespace {

/// Calls `work`; what LibTorch throws leaves as an Error of ours.
template <typename Work>
auto guarded(const char* where, const Work& work) {
  try {
    return work();
  } catch (const c10::Error& error) {
    throw from_torch(error, ErrorKind::other, where);
  } catch (const std::bad_alloc&) {
    throw Error(ErrorKind::memory, {.where = where, .found = "out of memory", .tip = "a smaller batch"});
  }
}

std::vector<at::Tensor> tensors_named(GraphRunner& runner, const std::vector<std::string>& names) {
  std::vector<at::Tensor> tensors;
  tensors.reserve(names.size());
  for (const std::string& name : names) tensors.push_back(runner.parameter(name));
  return tensors;
}

std::vector<LearningGroup> learning_groups(GraphRunner& runner, const std::vector<ParameterGroup>& groups) {
  std::vector<LearningGroup> learning;
  for (const ParameterGroup& group : groups) {
    learning.push_back({.names = group.parameters,
                        .parameters = tensors_named(runner, group.parameters),
                        .rate_scale = group.rate_scale,
                        .weight_decay = group.weight_decay});
    for (at::Tensor& parameter : learning.back().parameters) parameter.set_requires_grad(true);
  }
  return learning;
}

std::vector<std::string> names_in(const std::vector<ParameterGroup>& groups) {
  std::vector<std::string> names;
  for (const ParameterGroup& group : groups)
    names.insert(names.end(), group.parameters.begin(), group.parameters.end());
  return names;
}

std::vector<std::string> names_of(const std::vector<Value>& values) {
  std::vector<std::string> names;
  for (const Value& value : values) names.push_back(value.name);
  return names;
}

/// Puts the averages in the parameters' places as long as it lives.
class AveragesInPlace {
 public:
  AveragesInPlace(GraphRunner& runner, const MovingAverage& average) : runner_(runner), names_(average.names()) {
    for (std::size_t i = 0; i < names_.size(); ++i)
      live_.push_back(std::exchange(runner_.parameter(names_[i]), average.averages()[i]));
  }
  ~AveragesInPlace() {
    for (std::size_t i = 0; i < names_.size(); ++i) runner_.parameter(names_[i]) = live_[i];
  }
  AveragesInPlace(const AveragesInPlace&) = delete;
  AveragesInPlace& operator=(const AveragesInPlace&) = delete;

 private:
  GraphRunner& runner_;
  const std::vector<std::string>& names_;
  std::vector<at::Tensor> live_;
};

/// Running statistics that go back to what they were unless `keep` is called: batch normalisations move them on the way
/// forward, before anyone knows whether the step is good.
class StatisticsAttempt {
 public:
  StatisticsAttempt(const std::vector<at::Tensor>& live, bool moves) : live_(live) {
    if (!moves) return;
    for (const at::Tensor& tensor : live_) before_.push_back(tensor.clone());
  }
  ~StatisticsAttempt() {
    for (std::size_t i = 0; i < before_.size(); ++i) live_[i].copy_(before_[i]);
  }
  StatisticsAttempt(const StatisticsAttempt&) = delete;
  StatisticsAttempt& operator=(const StatisticsAttempt&) = delete;

  bool are_finite() const {
    for (const at::Tensor& tensor : live_)
      if (!at::isfinite(tensor).all().item<bool>()) return false;
    return true;
  }
  void keep() { before_.clear(); }

 private:
  const std::vector<at::Tensor>& live_;
  std::vector<at::Tensor> before_;
};

RunnerOptions runner_options(const TrainerOptions& options) {
  return {.autocast = options.precision == Precision::bf16, .device = torch_device(options.device)};
}

/// A gradient that is changed in place: autograd may have given one tensor to several parameters, or one number to many
/// places.
at::Tensor own(const at::Tensor& gradient) {
  const bool alone = gradient.storage().use_count() == 1 && gradient.is_non_overlapping_and_dense();
  return alone ? gradient : gradient.clone();
}

/// What a micro-batch says.
struct Said {
  double loss = 0;
  std::vector<at::Tensor> gradients = {};  // one for each that learns, undefined where it does not matter
};

class TorchTrainer final : public Trainer {
 public:
  TorchTrainer(const Graph& graph, const TrainerOptions& options)
      : options_(options),
        threads_(resolve_threads(options.threads)),
        runner_(graph, runner_options(options)),
        side_(graph, runner_options(options), runner_, static_cast<std::size_t>(options.side_by_side)),
        carried_(graph, options),
        input_names_(names_of(graph.inputs)),
        output_names_(names_of(graph.outputs)),
        statistic_names_(runner_.statistics()),
        statistics_(tensors_named(runner_, statistic_names_)),
        learning_names_(names_in(options.groups)),
        optimizer_(options.optimizer, learning_groups(runner_, options.groups)) {
    learning_ = tensors_named(runner_, learning_names_);
    if (options_.ema_decay > 0) begin_average();
    describe_state();
  }

  StepResult step(std::span<const TrainBatch> micro_batches, double learning_rate) override {
    return guarded("training step", [&] {
      use_threads();
      // Steps that are not applied leave nothing behind, errors neither.
      StatisticsAttempt statistics(statistics_, moves_statistics());
      const GradientsOfOneStep gradients(optimizer_);
      StepResult result;
      result.loss = accumulate_gradients(micro_batches);
      result.gradient_norm = std::isfinite(result.loss) ? optimizer_.gradient_norm() : std::nan("");
      result.applied = std::isfinite(result.gradient_norm);
      if (!result.applied) return result;
      statistics.keep();
      carried_.keep();
      apply(result.gradient_norm, learning_rate);
      return result;
    });
  }

  TensorMap evaluate(const TensorMap& inputs, bool averaged) override {
    return guarded("evaluation", [&] {
      use_threads();
      const c10::InferenceMode no_gradients;
      std::optional<AveragesInPlace> averages;
      if (averaged) averages.emplace(runner_, *average_);
      const std::vector<at::Tensor> outputs = runner_.run(views_of(inputs), {});
      TensorMap named;
      for (std::size_t i = 0; i < outputs.size(); ++i)
        if (!carried_.is_output(i)) named.set(output_names_[i], copy_of(outputs[i].to(at::kFloat)));
      return named;
    });
  }

  void absorb_statistics(const TensorMap& inputs) override {
    guarded("statistics", [&] {
      use_threads();
      const at::NoGradGuard no_gradients;
      StatisticsAttempt statistics(statistics_, true);
      const double batches = static_cast<double>(absorbed_.item<std::int64_t>() + 1);
      runner_.run(views_of(inputs), {.norms = RunMode::Norms::batch, .momentum = 1 / batches});
      if (!statistics.are_finite())
        throw data_error("statistics of batch normalisation", "this batch makes them infinite or not a number",
                         "finite inputs", "look for broken values in the batch's files");
      statistics.keep();
      absorbed_.add_(1);
    });
  }

  StateDict parameters(bool averaged) const override {
    return guarded("parameters", [&] { return (averaged ? averaged_parameters_ : parameters_).save(); });
  }

  void set_parameters(const StateDict& parameters) override {
    guarded("parameters", [&] {
      parameters_.restore_some(parameters);
      if (average_) average_->begin_again(parameters);
    });
  }

  StateDict state() const override {
    return guarded("training state", [&] { return state_.save(); });
  }

  void restore(const StateDict& state) override {
    guarded("training state", [&] { state_.restore(state); });
  }

  std::string engine() const override { return "LibTorch " TORCH_VERSION; }

 private:
  struct GradientsOfOneStep {
    explicit GradientsOfOneStep(Optimizer& of) : optimizer(of) { optimizer.clear_gradients(); }
    ~GradientsOfOneStep() { optimizer.clear_gradients(); }
    GradientsOfOneStep(const GradientsOfOneStep&) = delete;
    GradientsOfOneStep& operator=(const GradientsOfOneStep&) = delete;
    Optimizer& optimizer;
  };

  bool moves_statistics() const { return options_.norms == NormPolicy::train || !options_.trained_norm_stages.empty(); }

  /// What the moving average follows: statistics too where they move, for they belong to the parameters' values.
  void begin_average() {
    std::vector<std::string> names = learning_names_;
    std::vector<at::Tensor> tensors = learning_;
    if (moves_statistics()) {
      names.insert(names.end(), statistic_names_.begin(), statistic_names_.end());
      tensors.insert(tensors.end(), statistics_.begin(), statistics_.end());
    }
    average_.emplace(std::move(names), std::move(tensors), options_.ema_decay);
  }

  void describe_state() {
    for (std::size_t i = 0; i < learning_.size(); ++i) {
      parameters_.add(learning_names_[i], learning_[i]);
      state_.add("parameter/" + learning_names_[i], learning_[i]);
    }
    for (std::size_t i = 0; i < statistics_.size(); ++i) {
      parameters_.add(statistic_names_[i], statistics_[i]);
      state_.add("statistic/" + statistic_names_[i], statistics_[i]);
    }
    state_.add_text("optimizer", options_.optimizer.kind);
    optimizer_.add_state(state_);
    carried_.add_state(state_);
    state_.add("steps", steps_);
    state_.add("absorbed batches", absorbed_);
    if (!average_) return;
    average_->add_state(state_);
    for (std::size_t i = 0; i < average_->names().size(); ++i)
      averaged_parameters_.add(average_->names()[i], average_->averages()[i]);
    if (moves_statistics()) return;
    for (std::size_t i = 0; i < statistics_.size(); ++i) averaged_parameters_.add(statistic_names_[i], statistics_[i]);
  }

  /// LibTorch's number of threads belongs to the whole process.
  void use_threads() const {
    if (at::get_num_threads() != threads_) at::set_num_threads(threads_);
  }

  /// `first`: the place of the first example in the whole batch.
  std::vector<at::Tensor> views_of(const TensorMap& inputs, std::int64_t first = 0,
                                   std::span<const std::uint8_t> continues = {}) const {
    std::vector<at::Tensor> tensors(input_names_.size());
    for (std::size_t i = 0; i < tensors.size(); ++i)
      if (!carried_.is_input(i)) tensors[i] = view_of(inputs.at(input_names_[i]));
    carried_.enter(tensors, first, continues);
    return tensors;
  }

  RunMode mode_of(std::size_t micro_batch) const {
    Hash128Stream seed;
    seed.add("dropout").add(options_.seed).add(steps_.item<std::int64_t>()).add(micro_batch);
    return {.training = true,
            .norms = options_.norms == NormPolicy::train ? RunMode::Norms::batch : RunMode::Norms::running,
            .batch_stages = options_.trained_norm_stages,
            .momentum = options_.norm_momentum,
            .seed = seed.value().low};
  }

  /// The loss of the batch; its gradients are added to the parameters'.
  double accumulate_gradients(std::span<const TrainBatch> micro_batches) {
    double weight = 0;
    for (const TrainBatch& micro_batch : micro_batches) weight += micro_batch.weight;
    double loss = 0;
    std::int64_t first = 0;
    std::vector<Said> said(side_.count());
    for (std::size_t i = 0; i < micro_batches.size(); i += side_.count()) {
      const std::size_t many = std::min(side_.count(), micro_batches.size() - i);
      side_.run(many, [&](GraphRunner& runner, std::size_t number) {
        const TrainBatch& micro_batch = micro_batches[i + number];
        said[number] = hear(runner, micro_batch, micro_batch.weight / weight, i + number, first);
      });
      for (std::size_t number = 0; number < many; ++number) {
        loss += micro_batches[i + number].weight / weight * said[number].loss;
        if (!std::isfinite(said[number].loss)) return loss;
        add_gradients(said[number].gradients);
        first += micro_batches[i + number].examples;
      }
    }
    return loss;
  }

  /// Gradients of `share` times the loss. `first`: the place of the micro-batch's first example in the batch, which
  /// only states that are carried look at.
  Said hear(GraphRunner& runner, const TrainBatch& micro_batch, double share, std::size_t number, std::int64_t first) {
    const std::vector<at::Tensor> outputs =
        runner.run(views_of(micro_batch.inputs, first, micro_batch.continues), mode_of(number));
    carried_.collect(outputs, first);
    const at::Tensor& mean = outputs.front();
    Said said{.loss = mean.item<double>()};
    if (!std::isfinite(said.loss)) return said;
    if (!mean.requires_grad())
      throw usage_error("training step", "the loss does not depend on any parameter of the groups",
                        "a phase that trains something");
    said.gradients = torch::autograd::grad({mean}, learning_, {at::full_like(mean, share)}, /*retain_graph=*/false,
                                           /*create_graph=*/false, /*allow_unused=*/true);
    return said;
  }

  void add_gradients(const std::vector<at::Tensor>& gradients) {
    const at::NoGradGuard no_gradients;
    for (std::size_t i = 0; i < learning_.size(); ++i) {
      if (!gradients[i].defined()) continue;
      at::Tensor& sum = learning_[i].mutable_grad();
      if (sum.defined())
        sum.add_(gradients[i]);
      else
        sum = own(gradients[i]);
    }
  }

  void apply(double gradient_norm, double learning_rate) {
    const at::NoGradGuard no_gradients;
    if (options_.clip_norm > 0) optimizer_.clip(gradient_norm, options_.clip_norm);
    steps_.add_(1);
    optimizer_.step(steps_.item<std::int64_t>(), learning_rate);
    if (average_) average_->update();
  }

  const MemoryReuse reuse_;  // longer than every tensor here
  const TrainerOptions options_;
  const int threads_;
  GraphRunner runner_;
  SideRunners side_;  // with `runner_`
  CarriedStates carried_;
  const std::vector<std::string> input_names_, output_names_;
  const std::vector<std::string> statistic_names_;
  const std::vector<at::Tensor> statistics_;
  const std::vector<std::string> learning_names_;
  std::vector<at::Tensor> learning_;  // shares its tensors with the runner and the optimizer
  Optimizer optimizer_;
  std::optional<MovingAverage> average_;
  at::Tensor steps_ = at::zeros({}, at::kLong), absorbed_ = at::zeros({}, at::kLong);
  TrainingState parameters_, averaged_parameters_, state_;
};

}  // namespace

std::unique_ptr<Trainer> make_torch_trainer(const Graph& graph, const TrainerOptions& options) {
  return guarded("training engine", [&] { return std::make_unique<TorchTrainer>(graph, options); });
}

}  // namespace enxerto
