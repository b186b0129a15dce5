#include "enxerto/engine/trainer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/engine/torch/small_training.h"
#include "tests/files/thrown.h"

namespace enxerto {
namespace {

using testing::everything;
using testing::kBatch;
using testing::part;
using testing::same;
using testing::small_batch;
using testing::small_network;
using testing::SmallNetwork;
using testing::step;
using testing::values_of;
TrainerOptions training(const SmallNetwork& form = {}, NormPolicy norms = NormPolicy::train) {
  return {.threads = 1, .optimizer = {.kind = "adam"}, .groups = {everything(form)}, .norms = norms};
}

/// A batch of finite numbers and one that is not.
TrainBatch broken_batch(double value) {
  TrainBatch batch = small_batch(1);
  std::vector<double> pictures = values_of(batch.inputs.at("pictures"));
  pictures[17] = value;
  batch.inputs.set("pictures", Tensor::of<double>(batch.inputs.at("pictures").shape(), pictures));
  return batch;
}

double largest_difference(const StateDict& a, const StateDict& b) {
  double largest = 0;
  for (const auto& [name, tensor] : a) {
    const std::vector<double> x = values_of(tensor), y = values_of(b.at(name));
    for (std::size_t i = 0; i < x.size(); ++i) largest = std::max(largest, std::abs(x[i] - y[i]));
  }
  return largest;
}

TEST(Trainer, LearnsTheBatchThatItIsShown) {
  const auto trainer = make_trainer(small_network(), training());
  const double first = step(*trainer, small_batch(0), 0.05).loss;
  double last = first;
  for (int i = 0; i < 60; ++i) last = step(*trainer, small_batch(0), 0.05).loss;
  EXPECT_LT(last, 0.3 * first);
}

TEST(Trainer, MovesTheStatisticsOfTheStagesThatAreNamedWhereAllOthersAreFrozen) {
  for (const bool named : {true, false}) {
    TrainerOptions options = training({}, NormPolicy::frozen);
    options.trained_norm_stages = {named ? "stem" : "head"};
    const auto trainer = make_trainer(small_network(), options);
    const Tensor before = trainer->parameters().at("bn.running_mean");
    step(*trainer, small_batch(0), 0.05);
    EXPECT_NE(identical(before, trainer->parameters().at("bn.running_mean")), named);
  }
}

TEST(Trainer, TakesABatchInPiecesAsOneBatchWhereNoNormalisationSeesIt) {
  const SmallNetwork form{.norm = false};
  const TrainBatch whole = small_batch(0);
  const auto one = make_trainer(small_network(form), training(form)),
             three = make_trainer(small_network(form), training(form));
  for (int i = 0; i < 4; ++i) {
    const std::vector<TrainBatch> micro_batches{part(whole, 0, 1), part(whole, 1, 6), part(whole, 6, kBatch)};
    const StepResult a = one->step({&whole, 1}, 0.02), b = three->step(micro_batches, 0.02);
    EXPECT_NEAR(a.loss, b.loss, 1e-12);
    EXPECT_NEAR(a.gradient_norm, b.gradient_norm, 1e-12);
  }
  EXPECT_LT(largest_difference(one->parameters(), three->parameters()), 1e-9);
}

/// Three pieces, two at a time.
std::unique_ptr<Trainer> two_at_a_time(const Graph& graph, TrainerOptions options) {
  options.threads = options.side_by_side = 2;
  return make_trainer(graph, options);
}

TEST(Trainer, TakesPiecesSideBySideAsOneAfterAnother) {
  for (const DType dtype : {DType::f32, DType::f64}) {
    const SmallNetwork form{.dtype = dtype, .dropout = 0.3F};
    const TrainerOptions options = training(form, NormPolicy::frozen);
    const auto one = make_trainer(small_network(form), options), two = two_at_a_time(small_network(form), options);
    const TrainBatch whole = small_batch(0, dtype);
    const std::vector<TrainBatch> pieces{part(whole, 0, 1), part(whole, 1, 6), part(whole, 6, kBatch)};
    for (int i = 0; i < 4; ++i) {
      const StepResult a = one->step(pieces, 0.02), b = two->step(pieces, 0.02);
      EXPECT_NEAR(a.loss, b.loss, 1e-6);
      EXPECT_NEAR(a.gradient_norm, b.gradient_norm, 1e-5);
    }
    EXPECT_LT(largest_difference(one->parameters(), two->parameters()), dtype == DType::f32 ? 1e-4 : 1e-9);
  }
}

TEST(Trainer, TakesPiecesSideBySideTheSameWayAgain) {
  const SmallNetwork form{.dtype = DType::f32, .dropout = 0.3F};
  const TrainerOptions options = training(form, NormPolicy::frozen);
  const auto first = two_at_a_time(small_network(form), options), again = two_at_a_time(small_network(form), options);
  const TrainBatch whole = small_batch(0, DType::f32);
  const std::vector<TrainBatch> pieces{part(whole, 0, 4), part(whole, 4, kBatch)};
  for (int i = 0; i < 20; ++i) EXPECT_EQ(first->step(pieces, 0.02).loss, again->step(pieces, 0.02).loss);
  EXPECT_TRUE(same(first->state(), again->state()));
}

TEST(Trainer, LeavesEverythingAsItWasWhereOneOfPiecesSideBySideIsBroken) {
  const auto trainer = two_at_a_time(small_network(), training({}, NormPolicy::frozen));
  const StateDict before = trainer->state();
  for (const std::vector<TrainBatch>& pieces :
       {std::vector{small_batch(0), broken_batch(std::nan(""))}, {broken_batch(std::nan("")), small_batch(0)}}) {
    EXPECT_FALSE(trainer->step(pieces, 0.02).applied);
    EXPECT_TRUE(same(trainer->state(), before));
  }
  EXPECT_TRUE(step(*trainer, small_batch(0), 0.02).applied);
}

TEST(Trainer, SaysWhatIsWrongWithOneOfPiecesSideBySide) {
  const auto trainer = two_at_a_time(small_network(), training({}, NormPolicy::frozen));
  TrainBatch wrong = small_batch(0);
  wrong.inputs.set("target", Tensor::of<double>({kBatch, 2}, std::vector<double>(2 * kBatch, 0.5)));
  const std::vector<TrainBatch> pieces{small_batch(0), wrong};
  EXPECT_THROW((void)trainer->step(pieces, 0.02), Error);
  EXPECT_TRUE(step(*trainer, small_batch(0), 0.02).applied);
}

TEST(Trainer, LeavesEverythingAsItWasAfterABatchWithANumberThatIsNone) {
  for (const NormPolicy norms : {NormPolicy::train, NormPolicy::frozen}) {
    TrainerOptions options = training({}, norms);
    options.ema_decay = 0.9;
    const auto trainer = make_trainer(small_network(), options);
    step(*trainer, small_batch(0), 0.02);
    const StateDict before = trainer->state();
    for (const double value : {std::nan(""), std::numeric_limits<double>::infinity()}) {
      const StepResult result = step(*trainer, broken_batch(value), 0.02);
      EXPECT_FALSE(result.applied);
      EXPECT_FALSE(std::isfinite(result.loss));
      EXPECT_TRUE(same(trainer->state(), before));
    }
    EXPECT_TRUE(step(*trainer, small_batch(2), 0.02).applied);
    EXPECT_FALSE(same(trainer->state(), before));
  }
}

TEST(Trainer, LeavesEverythingAsItWasWhereOnlyASecondPieceIsBroken) {
  const auto trainer = make_trainer(small_network(), training());
  const StateDict before = trainer->state();
  const std::vector<TrainBatch> micro_batches{small_batch(0), broken_batch(std::nan(""))};
  EXPECT_FALSE(trainer->step(micro_batches, 0.02).applied);
  EXPECT_TRUE(same(trainer->state(), before));
  const auto untouched = make_trainer(small_network(), training());
  EXPECT_EQ(step(*trainer, small_batch(0), 0.02).gradient_norm, step(*untouched, small_batch(0), 0.02).gradient_norm);
}

TEST(Trainer, LeavesEverythingAsItWasWhereOnlyTheGradientIsInfinite) {
  const SmallNetwork form{.dtype = DType::f32, .norm = false};
  const auto trainer = make_trainer(small_network(form), training(form));
  TrainBatch batch = small_batch(0, DType::f32);
  // A loss near 3e38 that is finite, but whose gradients' squares are not.
  const Tensor pictures = batch.inputs.at("pictures");
  batch.inputs.set("pictures", Tensor::of<float>(pictures.shape(), std::vector<float>(pictures.size(), 1e37F)));
  const StateDict before = trainer->state();
  const StepResult result = step(*trainer, batch, 0.02);
  EXPECT_TRUE(std::isfinite(result.loss)) << result.loss;
  EXPECT_FALSE(std::isfinite(result.gradient_norm));
  EXPECT_FALSE(result.applied);
  EXPECT_TRUE(same(trainer->state(), before));
}

TEST(Trainer, MovesOnlyWhatAGroupNames) {
  const Graph graph = small_network();
  const auto trainer = make_trainer(
      graph,
      {.threads = 1, .optimizer = {.kind = "adamw"}, .groups = {{.parameters = {"fc.bias"}, .weight_decay = 0.1}}});
  const auto all = make_trainer(graph, training());
  for (int i = 0; i < 3; ++i) step(*trainer, small_batch(i), 0.1);
  const StateDict learnt = trainer->parameters();
  EXPECT_EQ(learnt.size(), 3U) << "fc.bias and the running statistics";
  EXPECT_FALSE(identical(learnt.at("fc.bias"), graph.parameters.at("fc.bias")));
  EXPECT_TRUE(identical(learnt.at("bn.running_mean"), graph.parameters.at("bn.running_mean")));
  EXPECT_TRUE(identical(learnt.at("bn.running_var"), graph.parameters.at("bn.running_var")));
  // What it gives now is what the given graph gives with that one parameter.
  StateDict only_bias;
  only_bias.set("fc.bias", learnt.at("fc.bias"));
  all->set_parameters(only_bias);
  EXPECT_TRUE(identical(all->evaluate(small_batch(9).inputs).at("logits"),
                        trainer->evaluate(small_batch(9).inputs).at("logits")));
}

TEST(Trainer, NeverWritesIntoTheGraphItWasMadeFrom) {
  const Graph graph = small_network();
  StateDict before;
  for (const auto& [name, tensor] : graph.parameters)
    before.set(name, Tensor::copied(tensor.dtype(), tensor.shape(), tensor.bytes()));
  const auto trainer = make_trainer(graph, training());
  for (int i = 0; i < 3; ++i) step(*trainer, small_batch(i), 0.1);
  trainer->absorb_statistics(small_batch(3).inputs);
  EXPECT_TRUE(same(graph.parameters, before));
}

TEST(Trainer, LetsScaleAndShiftLearnWhereStatisticsAreFrozen) {
  const Graph graph = small_network();
  const auto trainer = make_trainer(graph, training({}, NormPolicy::frozen));
  step(*trainer, small_batch(0), 0.1);
  const StateDict learnt = trainer->parameters();
  for (const char* name : {"bn.running_mean", "bn.running_var"})
    EXPECT_TRUE(identical(learnt.at(name), graph.parameters.at(name))) << name;
  for (const char* name : {"bn.weight", "bn.bias"})
    EXPECT_FALSE(identical(learnt.at(name), graph.parameters.at(name))) << name;
}

TEST(Trainer, EvaluatesInFloat32WithRunningStatisticsWhateverTheBatch) {
  const auto trainer = make_trainer(small_network(), training());
  for (int i = 0; i < 3; ++i) step(*trainer, small_batch(i), 0.05);
  const StateDict before = trainer->state();
  const TrainBatch batch = small_batch(5);
  const TensorMap outputs = trainer->evaluate(batch.inputs);
  ASSERT_EQ(outputs.size(), 2U);
  EXPECT_EQ(outputs.begin()->first, "loss");
  EXPECT_EQ(outputs.at("loss").shape(), Shape{});
  const Tensor whole = outputs.at("logits");
  EXPECT_EQ(whole.dtype(), DType::f32);
  EXPECT_EQ(whole.shape(), (Shape{kBatch, testing::kClasses}));
  const Tensor alone = trainer->evaluate(part(batch, 3, 4).inputs).at("logits");
  for (std::size_t c = 0; c < 3; ++c) EXPECT_NEAR(alone.as<float>()[c], whole.as<float>()[9 + c], 1e-6);
  EXPECT_TRUE(same(trainer->state(), before));
}

TEST(Trainer, EvaluatesAveragesWithoutDisturbingTheParameters) {
  TrainerOptions options = training();
  options.ema_decay = 0.5;
  const auto trainer = make_trainer(small_network(), options);
  for (int i = 0; i < 5; ++i) step(*trainer, small_batch(i), 0.05);
  const TrainBatch batch = small_batch(7);
  const Tensor own = trainer->evaluate(batch.inputs).at("logits"),
               averaged = trainer->evaluate(batch.inputs, true).at("logits");
  EXPECT_FALSE(identical(own, averaged));
  EXPECT_TRUE(identical(trainer->evaluate(batch.inputs).at("logits"), own));
  const auto second = make_trainer(small_network(), training());
  second->set_parameters(trainer->parameters(true));
  EXPECT_TRUE(identical(second->evaluate(batch.inputs).at("logits"), averaged));
}

TEST(Trainer, BeginsAveragesAgainWithParametersThatAreSet) {
  TrainerOptions options = training();
  options.ema_decay = 0.5;
  const auto trainer = make_trainer(small_network(), options);
  for (int i = 0; i < 3; ++i) step(*trainer, small_batch(i), 0.05);
  StateDict bias;
  bias.set("fc.bias", Tensor::of<double>({3}, {1, 2, 3}));
  trainer->set_parameters(bias);
  EXPECT_TRUE(identical(trainer->parameters(true).at("fc.bias"), bias.at("fc.bias")));
  EXPECT_FALSE(identical(trainer->parameters(true).at("fc.weight"), trainer->parameters().at("fc.weight")));
}

TEST(Trainer, FindsBatchesThatWouldSpoilTheStatistics) {
  const auto trainer = make_trainer(small_network(), training());
  trainer->absorb_statistics(small_batch(0).inputs);
  const StateDict before = trainer->state();
  const TrainBatch broken = broken_batch(std::nan(""));
  expect_says(thrown_by([&] { trainer->absorb_statistics(broken.inputs); }), ErrorKind::data, "not a number");
  EXPECT_TRUE(same(trainer->state(), before));
}

TEST(Trainer, LearnsInBf16AndKeepsParametersInFloat32) {
  const SmallNetwork form{.dtype = DType::f32};
  TrainerOptions options = training(form);
  options.precision = Precision::bf16;
  const auto trainer = make_trainer(small_network(form), options),
             exact = make_trainer(small_network(form), training(form));
  const TrainBatch batch = small_batch(0, DType::f32);
  const double first = step(*trainer, batch, 0.05).loss, reference = step(*exact, batch, 0.05).loss;
  EXPECT_NEAR(first, reference, 0.02);
  EXPECT_NE(first, reference) << "no autocast";
  for (int i = 0; i < 60; ++i) step(*trainer, batch, 0.05);
  EXPECT_LT(step(*trainer, batch, 0.05).loss, 0.4 * first);
  for (const auto& [name, tensor] : trainer->parameters()) EXPECT_EQ(tensor.dtype(), DType::f32) << name;
  EXPECT_EQ(trainer->evaluate(batch.inputs).at("logits").dtype(), DType::f32);
}

TEST(Trainer, DropsOtherUnitsAtEveryStepTheSameForTheSameSeed) {
  const SmallNetwork form{.dropout = 0.5F};
  const auto losses = [&](std::uint64_t seed) {
    TrainerOptions options = training(form, NormPolicy::frozen);
    options.seed = seed;
    const auto trainer = make_trainer(small_network(form), options);
    std::vector<double> found;
    // A rate of zero: only the masks differ.
    for (int i = 0; i < 4; ++i) found.push_back(step(*trainer, small_batch(0), 0).loss);
    return found;
  };
  const std::vector<double> one = losses(1);
  EXPECT_EQ(one, losses(1));
  EXPECT_NE(one, losses(2));
  EXPECT_NE(one[0], one[1]);
  EXPECT_NE(one[1], one[2]);
}

TEST(Trainer, DropsOtherUnitsInEveryPiece) {
  const SmallNetwork form{.norm = false, .dropout = 0.5F};
  const TrainBatch half = part(small_batch(0), 0, 4);
  const std::vector<TrainBatch> twice{half, half};
  const auto once = make_trainer(small_network(form), training(form)),
             both = make_trainer(small_network(form), training(form));
  EXPECT_NE(step(*once, half, 0).loss, both->step(twice, 0).loss);
}

TEST(Trainer, EvaluatesWithoutDropout) {
  const auto plain = make_trainer(small_network(), training());
  const auto dropping = make_trainer(small_network({.dropout = 0.5F}), training());
  const TrainBatch batch = small_batch(0);
  EXPECT_TRUE(identical(plain->evaluate(batch.inputs).at("logits"), dropping->evaluate(batch.inputs).at("logits")));
}

TEST(Trainer, RefusesCallsThatDoNotFit) {
  const auto trainer = make_trainer(small_network(), training());
  const TrainBatch batch = small_batch(0);
  TrainBatch short_of_one = batch;
  short_of_one.examples = kBatch - 1;
  TrainBatch of_floats = small_batch(0, DType::f32);
  TrainBatch uneven = batch;
  uneven.inputs.set("target", uneven.inputs.at("target").rows(0, 3));
  TrainBatch weightless = batch;
  weightless.weight = 0;
  const StateDict before = trainer->state();
  expect_says(thrown_by([&] { step(*trainer, batch, std::nan("")); }), ErrorKind::usage, "learning rate: nan");
  expect_says(thrown_by([&] { step(*trainer, batch, -0.1); }), ErrorKind::usage, "learning rate: -0.1");
  expect_says(thrown_by([&] { trainer->step({}, 0.1); }), ErrorKind::usage, "no micro-batches");
  expect_says(thrown_by([&] { step(*trainer, short_of_one, 0.1); }), ErrorKind::data, "7 examples");
  expect_says(thrown_by([&] { step(*trainer, of_floats, 0.1); }), ErrorKind::data, "input 'pictures'");
  expect_says(thrown_by([&] { step(*trainer, uneven, 0.1); }), ErrorKind::data, "input 'target'");
  expect_says(thrown_by([&] { step(*trainer, weightless, 0.1); }), ErrorKind::data, "a weight of 0");
  expect_says(thrown_by([&] { trainer->evaluate({}); }), ErrorKind::data, "0 inputs");
  expect_says(thrown_by([&] { trainer->evaluate(batch.inputs, true); }), ErrorKind::usage, "no moving average");
  expect_says(thrown_by([&] { trainer->parameters(true); }), ErrorKind::usage, "no moving average");
  EXPECT_TRUE(same(trainer->state(), before));
}

TEST(Trainer, SaysThatNothingIsTrained) {
  const auto without_groups = make_trainer(small_network(), {.threads = 1});
  expect_says(thrown_by([&] { step(*without_groups, small_batch(0), 0.1); }), ErrorKind::usage, "something to train");
  without_groups->absorb_statistics(small_batch(0).inputs);
  EXPECT_EQ(without_groups->parameters().size(), 2U);
}

TEST(Trainer, NamesAnOperatorThatItCannotTrainThrough) {
  Graph graph = small_network();
  for (Node& node : graph.nodes)
    if (node.op == "Relu") node.op = "Frobnicate";
  const Error error = thrown_by([&] { make_trainer(graph, training()); });
  expect_says(error, ErrorKind::weights, "relu");
  expect_says(error, ErrorKind::weights, "Frobnicate");
}

TEST(Trainer, SaysWhichEngineItIs) {
  EXPECT_TRUE(make_trainer(small_network(), training())->engine().starts_with("LibTorch 2."));
}

TEST(Trainer, IsTheSameWithAnyNumberOfThreadsWithinRounding) {
  TrainerOptions two = training();
  two.threads = 2;
  const auto a = make_trainer(small_network(), training()), b = make_trainer(small_network(), two);
  for (int i = 0; i < 5; ++i)
    EXPECT_NEAR(step(*a, small_batch(i), 0.02).loss, step(*b, small_batch(i), 0.02).loss, 1e-10);
}

}  // namespace
}  // namespace enxerto
