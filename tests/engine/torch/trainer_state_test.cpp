// What a checkpoint of a trainer holds, and what it is held against.
#include <gtest/gtest.h>

#include "enxerto/engine/trainer.h"
#include "tests/engine/torch/small_training.h"
#include "tests/files/thrown.h"

namespace enxerto {
namespace {

using testing::everything;
using testing::same;
using testing::small_batch;
using testing::small_network;
using testing::SmallNetwork;
using testing::step;
constexpr SmallNetwork kForm{.dtype = DType::f32, .norm = true, .dropout = 0.3F};

TrainerOptions options_with(const OptimizerOptions& optimizer) {
  return {.threads = 2,
          .optimizer = optimizer,
          .groups = {everything(kForm)},
          .norms = NormPolicy::train,
          .ema_decay = 0.9,
          .seed = 3};
}

class StateOfEveryOptimizer : public ::testing::TestWithParam<OptimizerOptions> {};

TEST_P(StateOfEveryOptimizer, ContinuesEqualToTheBit) {
  const auto unbroken = make_trainer(small_network(kForm), options_with(GetParam()));
  for (int i = 0; i < 3; ++i) step(*unbroken, small_batch(i, DType::f32), 0.05);
  const auto resumed = make_trainer(small_network(kForm), options_with(GetParam()));
  resumed->restore(unbroken->state());
  EXPECT_TRUE(same(resumed->state(), unbroken->state()));
  for (int i = 3; i < 7; ++i) {
    const TrainBatch batch = small_batch(i, DType::f32);
    EXPECT_EQ(step(*resumed, batch, 0.05).loss, step(*unbroken, batch, 0.05).loss);
  }
  EXPECT_TRUE(same(resumed->state(), unbroken->state()));
}

INSTANTIATE_TEST_SUITE_P(Trainer, StateOfEveryOptimizer,
                         ::testing::Values(OptimizerOptions{.kind = "sgd"},
                                           OptimizerOptions{.kind = "sgd", .momentum = 0.9, .nesterov = true},
                                           OptimizerOptions{.kind = "adam"}, OptimizerOptions{.kind = "adamw"},
                                           OptimizerOptions{.kind = "rmsprop"},
                                           OptimizerOptions{.kind = "rmsprop", .momentum = 0.9},
                                           OptimizerOptions{.kind = "adagrad"}));

TEST(TrainerState, HasNamesThatSayWhatEachTensorIs) {
  const auto trainer = make_trainer(small_network(kForm), options_with({.kind = "adam"}));
  step(*trainer, small_batch(0, DType::f32), 0.05);
  const StateDict state = trainer->state();
  for (const char* name : {"parameter/conv.weight", "statistic/bn.running_var", "moment1/fc.bias", "moment2/fc.bias",
                           "average/fc.weight", "average/bn.running_mean", "optimizer", "steps", "absorbed batches"})
    EXPECT_TRUE(state.contains(name)) << name;
  EXPECT_EQ(state.at("steps").as<std::int64_t>()[0], 1);
  EXPECT_EQ(state.at("parameter/conv.weight").shape(), (Shape{4, 3, 3, 3}));
}

TEST(TrainerState, IsACopyThatLaterStepsLeaveAlone) {
  const auto trainer = make_trainer(small_network(kForm), options_with({.kind = "adam"}));
  const StateDict state = trainer->state(), parameters = trainer->parameters();
  const Tensor kernel = state.at("parameter/conv.weight");
  const Tensor before = Tensor::copied(kernel.dtype(), kernel.shape(), kernel.bytes());
  step(*trainer, small_batch(0, DType::f32), 0.05);
  EXPECT_TRUE(identical(kernel, before));
  EXPECT_TRUE(identical(parameters.at("conv.weight"), before));
  EXPECT_FALSE(identical(trainer->parameters().at("conv.weight"), before));
}

/// What `change` makes of a state is refused, and nothing has changed.
void expect_refused(const std::string& part, const std::function<void(StateDict&)>& change) {
  const auto trainer = make_trainer(small_network(kForm), options_with({.kind = "adam"}));
  StateDict state = trainer->state();
  step(*trainer, small_batch(0, DType::f32), 0.05);
  const StateDict before = trainer->state();
  change(state);
  expect_says(thrown_by([&] { trainer->restore(state); }), ErrorKind::weights, part);
  EXPECT_TRUE(same(trainer->state(), before)) << part;
}

TEST(TrainerState, OfAnotherNetworkIsRefused) {
  expect_refused("'parameter/fc.bias': missing", [](StateDict& state) { state.erase("parameter/fc.bias"); });
  expect_refused("'parameter/strange'", [](StateDict& state) { state.set("parameter/strange", Tensor::scalar(1.0F)); });
  expect_refused("'average/fc.weight': float32 (4, 3); expected float32 (3, 4)", [](StateDict& state) {
    state.set("average/fc.weight", state.at("average/fc.weight").reshaped({4, 3}));
  });
  expect_refused("'moment1/fc.bias': float64 (3); expected float32 (3)",
                 [](StateDict& state) { state.set("moment1/fc.bias", Tensor::of<double>({3}, {1, 2, 3})); });
}

TEST(TrainerState, OfAnotherOptimizerIsRefused) {
  const auto adamw = make_trainer(small_network(kForm), options_with({.kind = "adamw"}));
  const StateDict state = adamw->state();
  expect_refused("'adamw'; expected 'adam'", [&](StateDict& own) { own = state; });
}

TEST(TrainerState, OfARunWithoutAveragesIsRefusedByOneWithThem) {
  TrainerOptions plain = options_with({.kind = "adam"});
  plain.ema_decay = 0;
  const StateDict state = make_trainer(small_network(kForm), plain)->state();
  expect_refused("'average/", [&](StateDict& own) { own = state; });
}

TEST(TrainerParameters, AreSetWholeOrNotAtAll) {
  const auto trainer = make_trainer(small_network(kForm), options_with({.kind = "sgd"}));
  const StateDict before = trainer->state();
  StateDict wrong;
  wrong.set("fc.bias", Tensor::of<float>({3}, {1, 2, 3}));
  wrong.set("fc.weight", Tensor::of<float>({3}, {1, 2, 3}));
  expect_says(thrown_by([&] { trainer->set_parameters(wrong); }), ErrorKind::weights, "fc.weight");
  EXPECT_TRUE(same(trainer->state(), before));
  StateDict right;
  right.set("fc.bias", wrong.at("fc.bias"));
  trainer->set_parameters(right);
  EXPECT_TRUE(identical(trainer->parameters().at("fc.bias"), right.at("fc.bias")));
}

}  // namespace
}  // namespace enxerto
