#include "enxerto/engine/trainer_options.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "enxerto/base/setting.h"
#include "tests/engine/small_networks.h"
#include "tests/files/thrown.h"

namespace enxerto {
namespace {

/// `small_classifier` with a scalar in front of its output.
Graph with_scalar() {
  Graph graph = testing::small_classifier();
  graph.nodes.push_back({.name = "loss",
                         .op = "ReduceMean",
                         .stage = "loss",
                         .inputs = {graph.outputs.front().name},
                         .outputs = {"loss"},
                         .attributes = {{"keepdims", std::int64_t{0}}}});
  graph.outputs.insert(graph.outputs.begin(), Value{"loss", DType::f32, {}});
  return graph;
}

TrainerOptions good_options() { return {.groups = {{.parameters = {"conv.weight", "fc.bias"}}}}; }

void expect_refused(const std::string& part, const std::function<void(TrainerOptions&)>& change) {
  TrainerOptions options = good_options();
  change(options);
  expect_says(thrown_by([&] { check_options(options, with_scalar()); }), ErrorKind::usage, part);
}

TEST(TrainerOptions, ThatAreRightPass) {
  check_options(good_options(), with_scalar());
  check_options({}, testing::small_classifier());
  TrainerOptions options = good_options();
  options.optimizer = {.kind = "sgd", .momentum = 0.9, .nesterov = true};
  options.clip_norm = 1;
  options.ema_decay = 0.9999;
  options.device = Device::cuda;
  check_options(options, with_scalar());
}

TEST(TrainerOptions, OfPiecesSideBySideAreRefusedWherePiecesDependOnEachOther) {
  expect_refused("side_by_side: 0", [](auto& o) { o.side_by_side = 0; });
  expect_refused("another device", [](auto& o) {
    o.side_by_side = 2;
    o.device = Device::cuda;
  });
  Graph plain, normalised;
  normalised.nodes.emplace_back().op = "BatchNormalization";
  TrainerOptions options = good_options();
  options.side_by_side = 2;
  EXPECT_EQ(one_by_one(options, normalised), "");
  options.norms = NormPolicy::train;
  EXPECT_EQ(one_by_one(options, plain), "");
  EXPECT_NE(one_by_one(options, normalised), "");
  options.norms = NormPolicy::frozen;
  options.trained_norm_stages = {"head"};
  EXPECT_NE(one_by_one(options, normalised), "");
}

TEST(TrainerOptions, OutOfRangeAreNamedWithTheirValue) {
  const double nan = std::nan(""), infinite = std::numeric_limits<double>::infinity();
  expect_refused("threads: -1", [](auto& o) { o.threads = -1; });
  expect_refused("optimizer.momentum: 1", [](auto& o) { o.optimizer = {.kind = "sgd", .momentum = 1}; });
  expect_refused("optimizer.momentum: -0.5", [](auto& o) { o.optimizer = {.kind = "sgd", .momentum = -0.5}; });
  expect_refused("optimizer.beta1: 1", [](auto& o) { o.optimizer.beta1 = 1; });
  expect_refused("optimizer.beta2: nan", [&](auto& o) { o.optimizer.beta2 = nan; });
  expect_refused("optimizer.alpha: 1.5", [](auto& o) { o.optimizer.alpha = 1.5; });
  expect_refused("optimizer.epsilon: -1e-08", [](auto& o) { o.optimizer.epsilon = -1e-8; });
  expect_refused("norm_momentum: 1.1", [](auto& o) { o.norm_momentum = 1.1; });
  expect_refused("clip_norm: inf", [&](auto& o) { o.clip_norm = infinite; });
  expect_refused("clip_norm: -1", [](auto& o) { o.clip_norm = -1; });
  expect_refused("ema_decay: 1", [](auto& o) { o.ema_decay = 1; });
  expect_refused("group.rate_scale: nan", [&](auto& o) { o.groups[0].rate_scale = nan; });
  expect_refused("group.weight_decay: -0.1", [](auto& o) { o.groups[0].weight_decay = -0.1; });
}

TEST(TrainerOptions, ThatWouldDoNothingAreRefused) {
  expect_refused("0.9 with adam", [](auto& o) { o.optimizer.momentum = 0.9; });
  expect_refused("set with adamw", [](auto& o) { o.optimizer = {.kind = "adamw", .nesterov = true}; });
  expect_refused("set with sgd, momentum 0", [](auto& o) { o.optimizer = {.kind = "sgd", .nesterov = true}; });
}

TEST(TrainerOptions, NameTheNearestParameterAndDevice) {
  expect_refused("did you mean 'conv.weight'", [](auto& o) { o.groups[0].parameters[0] = "conv.wieght"; });
}

TEST(TrainerOptions, RefuseParametersThatAreTwiceThereOrCannotLearn) {
  expect_refused("'fc.bias': named twice", [](auto& o) { o.groups.push_back({.parameters = {"fc.bias"}}); });
  expect_refused("running variance", [](auto& o) { o.groups[0].parameters[0] = "bn.running_var"; });
}

TEST(TrainerOptions, RefuseAGraphWhoseFirstOutputIsNoLoss) {
  expect_says(thrown_by([] { check_options(good_options(), testing::small_classifier()); }), ErrorKind::usage,
              "not a scalar");
}

TEST(TrainerOptions, RefuseAnOptimizerThatThereIsNot) {
  expect_refused("optimizer.kind: 'rmspro'; did you mean 'rmsprop'", [](auto& o) { o.optimizer.kind = "rmspro"; });
}

TEST(TrainerOptions, EveryKnobOfAnOptimizerIsAField) {
  for (const OptimizerRow& row : kOptimizers) {
    for (const std::string_view knob : row.knobs) {
      EXPECT_TRUE(knob.empty() ||
                  std::ranges::any_of(optimizer_settings(), [&](const auto& f) { return f.key == knob; }))
          << row.name << " " << knob;
    }
  }
}

}  // namespace
}  // namespace enxerto
