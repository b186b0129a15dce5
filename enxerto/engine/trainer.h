#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/base/tensor_map.h"
#include "enxerto/engine/device.h"
#include "enxerto/engine/executor.h"
#include "enxerto/engine/optimizer_options.h"
#include "enxerto/graph/carried_state.h"
#include "enxerto/graph/graph.h"

namespace enxerto {

/// Parameters that learn at one rate.
struct ParameterGroup {
  std::vector<std::string> parameters;
  double rate_scale = 1;    ///< the step's learning rate is multiplied by this
  double weight_decay = 0;  ///< adamw: decoupled (Loshchilov, Hutter 2019); others: added to the gradient
};

/// What becomes of a batch normalisation in a training step.
enum class NormPolicy {
  frozen,  ///< normalises by its running statistics, which stay as they are; scale and shift learn where a group has
           ///< them
  train,   ///< normalises by the batch and moves its running statistics
};

struct TrainerOptions {
  int threads = 0;  ///< 0: `usable_cores()`
  /// Micro-batches of a step that are computed at the same time, each on a thread of its own: where the operations of a
  /// network are small, their parts wait for each other longer than they work. Each has gradients of its own. 1 where
  /// normalisations use the batch's statistics, where states are carried, and on other devices than the processor.
  int side_by_side = 1;
  Precision precision = Precision::fp32;  ///< bf16: autocast, parameters stay float32
  OptimizerOptions optimizer = {};
  std::vector<ParameterGroup> groups = {};  ///< every parameter that learns, once; all others are constants
  NormPolicy norms = NormPolicy::frozen;
  /// Stages whose batch normalisations follow `train` although `norms` is frozen: a head that is new has no statistics.
  std::vector<std::string> trained_norm_stages = {};
  double norm_momentum = 0.1;  ///< weight of the batch in the running statistics
  double clip_norm = 0;        ///< the gradient of all groups together is scaled down to this length; 0: never
  double ema_decay = 0;        ///< of the exponential moving average of the parameters, and of the running statistics
                               ///< where they move (EMA, as timm's: begins with the first values); 0: none is kept
  std::uint64_t seed = 0;      ///< of dropout
  Device device = Device::cpu;
  /// States that a step leaves to the next (`with_carried_states`). Gradients end between steps (truncated
  /// back-propagation). `evaluate`, and examples that go on from nothing, begin with zeros.
  std::vector<KeptState> carried = {};
  std::int64_t carried_examples = 0;  ///< the most that a batch has, all micro-batches together
};

/// A micro-batch, a whole batch or a part of one: a tensor for each input of the graph, by its name; others are not
/// looked at. Where inputs share a symbol they have one size for it, and "batch" is the number of examples.
struct TrainBatch {
  TensorMap inputs;
  std::int64_t examples = 0;
  /// What the loss is the mean over: examples, or what else counts (tokens). Micro-batches and batches count by it.
  double weight = static_cast<double>(examples);
  /// Of each example 1 where it goes on from the one in the same place of the last step's batch (the micro-batches
  /// behind one another), with the states that that one has left; empty: none does.
  std::vector<std::uint8_t> continues = {};
};

struct StepResult {
  double loss = 0;           ///< mean over the batch by weight, before the step
  double gradient_norm = 0;  ///< before clipping
  bool applied = true;       ///< false where loss or gradient are not finite: no parameter and no statistic has changed
};

/// A graph that learns. Its first output is the scalar loss, the mean over the weight of a batch; further outputs
/// ("head.logits") are for evaluation. One caller at a time.
class Trainer {
 public:
  virtual ~Trainer() = default;

  /// One step of the optimizer on a batch that is handed over in one or more micro-batches (gradient accumulation):
  /// each micro-batch's loss counts by its share of the weight, so that without batch statistics the micro-batches do
  /// not matter. Dropout's masks depend on (seed, number of this step, micro-batch) only.
  virtual StepResult step(std::span<const TrainBatch> micro_batches, double learning_rate) = 0;

  /// All outputs by name, in the graph's order, in float32, without dropout and with running statistics. `averaged`:
  /// with the moving average of the parameters in place of the parameters.
  virtual TensorMap evaluate(const TensorMap& inputs, bool averaged = false) = 0;

  /// Moves no parameter: normalises by this batch and makes its statistics part of the running ones, which are the
  /// cumulative mean over all calls since the first (the policy `recompute`). Throws Error{data}, changing nothing,
  /// where they would not be finite.
  virtual void absorb_statistics(const TensorMap& inputs) = 0;

  /// Copies of the parameters of all groups, and of all running statistics of the graph. `averaged` as above.
  virtual StateDict parameters(bool averaged = false) const = 0;

  /// Replaces some of them, by name; their moving averages begin again with them. Shapes and types must be equal.
  /// Throws Error{weights}, changing nothing.
  virtual void set_parameters(const StateDict& parameters) = 0;

  /// Everything that the next step depends on: parameters, statistics, the optimizer's moments, averages, counters.
  /// `restore` of a copy makes the next steps equal to the bit (same processor type, threads, precision). Throws
  /// Error{weights} where names, shapes or types are another network's.
  virtual StateDict state() const = 0;
  virtual void restore(const StateDict& state) = 0;

  /// "LibTorch 2.15.0".
  virtual std::string engine() const = 0;
};

/// Brings `graph` into the training engine, which is opened on first use (libenxerto_torch.so; looked for like the
/// forward engine). Parameters may be float32 or float64. Throws Error{weights} for an operation that it cannot
/// differentiate, naming the node; Error{usage} for options out of range, a group that names no parameter of the graph,
/// one twice or one that cannot learn, and a device that is not there; Error{other} where the engine is missing, saying
/// what to install. Of a Trainer without groups everything but `step` can be used. Calls throw Error{data} for inputs
/// that do not fit the graph and Error{usage} for a rate that is negative or no number.
std::unique_ptr<Trainer> make_trainer(const Graph& graph, const TrainerOptions& options);

}  // namespace enxerto
