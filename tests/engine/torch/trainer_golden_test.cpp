// Twenty steps beside PyTorch's, from tools/golden/training_steps.py.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "enxerto/engine/trainer.h"
#include "tests/engine/torch/golden_tensors.h"
#include "tests/engine/torch/small_training.h"

namespace enxerto {
namespace {

using testing::everything;
using testing::golden_tensors;
using testing::small_batch;
using testing::small_network;
using testing::step;
using testing::values_of;
struct GoldenOptimizer {
  const char* name;
  OptimizerOptions options;
  double weight_decay;
};

const GoldenOptimizer kOptimizers[] = {
    {"sgd", {.kind = "sgd"}, 0},
    {"sgd_momentum", {.kind = "sgd", .momentum = 0.9}, 0.01},
    {"sgd_nesterov", {.kind = "sgd", .momentum = 0.9, .nesterov = true}, 0.01},
    {"adam", {.kind = "adam"}, 0},
    {"adam_decay", {.kind = "adam"}, 0.1},
    {"adamw", {.kind = "adamw"}, 0.1},
    {"rmsprop", {.kind = "rmsprop"}, 0.01},
    {"rmsprop_momentum", {.kind = "rmsprop", .momentum = 0.9}, 0},
    {"adagrad", {.kind = "adagrad"}, 0.01},
};

const auto& golden() {
  static const auto tensors = golden_tensors(std::string(ENXERTO_TEST_DATA "/engine/training_steps.safetensors"));
  return tensors;
}

TrainerOptions options_of(const GoldenOptimizer& optimizer) {
  ParameterGroup group = everything();
  group.weight_decay = optimizer.weight_decay;
  return {.threads = 1, .optimizer = optimizer.options, .groups = {group}, .norms = NormPolicy::train};
}

/// Runs through all rates and holds each loss against PyTorch's.
void expect_losses(Trainer& trainer, const std::string& losses, const std::vector<double>& rates,
                   std::pair<DType, double> type_and_tolerance) {
  const auto [dtype, tolerance] = type_and_tolerance;
  const std::vector<double>& expected = golden().at(losses);
  ASSERT_EQ(expected.size(), 20U);
  for (std::size_t i = 0; i < expected.size(); ++i)
    ASSERT_NEAR(step(trainer, small_batch(static_cast<int>(i), dtype), rates.at(i)).loss, expected[i], tolerance)
        << losses << ", step " << i;
}

class EveryOptimizer : public ::testing::TestWithParam<GoldenOptimizer> {};

void expect_every_schedule(const GoldenOptimizer& optimizer, std::pair<DType, double> type_and_tolerance) {
  int schedules = 0;
  for (const auto& [name, factors] : golden()) {
    if (!name.starts_with("rates/")) continue;
    std::vector<double> rates;
    for (const double factor : factors)
      rates.push_back(factor * golden().at(fmt::format("rate/{}", optimizer.name)).at(0));
    const auto trainer = make_trainer(small_network({.dtype = type_and_tolerance.first}), options_of(optimizer));
    expect_losses(*trainer, fmt::format("losses/{}/{}", optimizer.name, name.substr(6)), rates, type_and_tolerance);
    ++schedules;
  }
  EXPECT_EQ(schedules, 12);
}

TEST_P(EveryOptimizer, EqualsPyTorchInFloat64OverEverySchedule) {
  expect_every_schedule(GetParam(), {DType::f64, 1e-9});
}

TEST_P(EveryOptimizer, EqualsPyTorchInFloat32OverEverySchedule) {
  expect_every_schedule(GetParam(), {DType::f32, 1e-4});
}

INSTANTIATE_TEST_SUITE_P(TrainingSteps, EveryOptimizer, ::testing::ValuesIn(kOptimizers),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(TrainingSteps, ClipTheGradientAsPyTorchDoes) {
  TrainerOptions options = options_of(kOptimizers[1]);
  options.clip_norm = 0.25;
  const auto trainer = make_trainer(small_network(), options);
  for (int i = 0; i < 20; ++i) {
    const StepResult result = step(*trainer, small_batch(i), 0.1);
    ASSERT_NEAR(result.loss, golden().at("losses/clipped").at(static_cast<std::size_t>(i)), 1e-9);
    ASSERT_NEAR(result.gradient_norm, golden().at("norms/clipped").at(static_cast<std::size_t>(i)), 1e-9);
  }
}

TEST(TrainingSteps, GiveEachGroupItsRateAndItsDecay) {
  const ParameterGroup body{
      .parameters = {"conv.weight", "bn.weight", "bn.bias"}, .rate_scale = 0.1, .weight_decay = 0.1};
  const ParameterGroup head{.parameters = {"fc.weight", "fc.bias"}};
  const auto trainer =
      make_trainer(small_network(),
                   {.threads = 1, .optimizer = {.kind = "adamw"}, .groups = {body, head}, .norms = NormPolicy::train});
  expect_losses(*trainer, "losses/groups", std::vector<double>(20, 0.02), {DType::f64, 1e-9});
}

void expect_golden_values(const StateDict& found, const std::string& prefix) {
  int compared = 0;
  for (const auto& [name, tensor] : found) {
    const std::vector<double> values = values_of(tensor), &expected = golden().at(prefix + name);
    ASSERT_EQ(values.size(), expected.size());
    for (std::size_t i = 0; i < values.size(); ++i) EXPECT_NEAR(values[i], expected[i], 1e-9) << name << " " << i;
    ++compared;
  }
  EXPECT_EQ(compared, 7) << "five parameters, a mean and a variance";
}

TEST(TrainingSteps, EndAtPyTorchsParametersAndStatisticsAndAtTimmsAverages) {
  TrainerOptions options = options_of(kOptimizers[1]);
  options.ema_decay = 0.9;
  const auto trainer = make_trainer(small_network(), options);
  for (int i = 0; i < 20; ++i) step(*trainer, small_batch(i), 0.1);
  expect_golden_values(trainer->parameters(), "trained/");
  expect_golden_values(trainer->parameters(true), "average/");
}

TEST(TrainingSteps, AbsorbStatisticsAsACumulativeMeanAndMoveNothingElse) {
  const auto trainer = make_trainer(small_network(), options_of(kOptimizers[0]));
  const StateDict before = trainer->parameters();
  for (int i = 0; i < 3; ++i) trainer->absorb_statistics(small_batch(i).inputs);
  for (const auto& [name, tensor] : trainer->parameters()) {
    if (!name.starts_with("bn.running")) {
      EXPECT_TRUE(identical(tensor, before.at(name))) << name;
      continue;
    }
    const std::vector<double> values = values_of(tensor), &expected = golden().at("cumulative/" + name);
    for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(values[i], expected[i], 1e-12) << name;
  }
}

}  // namespace
}  // namespace enxerto
