#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/graph/builder.h"
#include "enxerto/heads/loss.h"
#include "enxerto/metrics/accuracy.h"
#include "enxerto/training/evaluate_source.h"
#include "enxerto/training/parameter_groups.h"
#include "enxerto/training/training_loop.h"
#include "tests/engine/small_networks.h"
#include "tests/metrics/batch.h"
#include "tests/training/tiny_data.h"
#include "tests/training/watcher.h"

namespace enxerto {
namespace {

using testing::StepWatcher;
using testing::TinyData;

/// Two layers that end in the loss.
Graph network(const LossSpec& loss = {.kind = "sparse_categorical_cross_entropy"}) {
  GraphBuilder builder("small");
  std::string x = builder.input("features", {"batch", 2});
  builder.stage("head");
  x = builder.relu(builder.linear(x, "hidden", 8), "act");
  x = builder.linear(x, "fc", 2);
  builder.output(x, "head.logits");
  return with_loss(testing::filled(std::move(builder).finish()), loss);
}

std::unique_ptr<Trainer> trainer_of(const Graph& graph) {
  TrainerOptions options;
  options.threads = 1;
  options.groups = parameter_groups(graph, std::vector<std::string>{"head"}, {.weight_decay = 0.01});
  return make_trainer(graph, options);
}

TEST(RealEngine, LearnsInTheLoopAndGoesOnToTheSameBits) {
  const Graph graph = network();
  const TinyData data(64), held_out(32, 2);
  const auto training = data.source(), validation = held_out.source();
  MetricSet metrics = testing::set_of(Accuracy());
  const PhaseData phase{.training = *training, .validation = validation.get(), .metrics = &metrics};
  LoopOptions options{.epochs = 4, .batch_size = 8, .learning_rate = 0.02, .least_save_seconds = 0};

  const PhaseOutcome whole = train_phase(*trainer_of(graph), phase, options);
  EXPECT_LT(whole.history.series[0].values.back(), whole.history.series[0].values.front());

  StepWatcher stop(13);
  options.save = [&](const LoopSnapshot& snapshot) { options.resume = snapshot; };
  EXPECT_THROW((void)train_phase(*trainer_of(graph), phase, options, stop), Error);
  const LoopOptions resumed = options;
  const PhaseOutcome rest = train_phase(*trainer_of(graph), phase, resumed);
  for (const auto& [name, tensor] : whole.weights) EXPECT_TRUE(identical(tensor, rest.weights.at(name))) << name;
}

TEST(RealEngine, ValidatesWithoutLabelSmoothingAndClassWeights) {
  const Graph plain = network();
  const TinyData data(32);
  const auto source = data.source();
  const double expected = evaluate_source(*trainer_of(plain), *source, {}, nullptr, {});
  for (const LossSpec& loss : {LossSpec{.kind = "sparse_categorical_cross_entropy", .label_smoothing = 0.3},
                               LossSpec{.kind = "sparse_categorical_cross_entropy", .class_weights = {0.5, 4}}}) {
    const auto trainer = trainer_of(network(loss));
    EXPECT_NEAR(evaluate_source(*trainer, *source, {}, nullptr, {}), expected, 1e-6);
    const TrainBatch batch = source->get(std::vector<std::size_t>{0, 1, 2, 3}, 0);
    const double learned_by = trainer->step({&batch, 1}, 0).loss,
                 judged_by = trainer_of(plain)->step({&batch, 1}, 0).loss;
    EXPECT_GT(std::abs(learned_by - judged_by), 1e-3) << "what is learned by is another loss";
  }
}

}  // namespace
}  // namespace enxerto
