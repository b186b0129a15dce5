#include "enxerto/transfer/head_scaling.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "enxerto/base/rng.h"
#include "enxerto/graph/builder.h"
#include "enxerto/heads/loss.h"
#include "enxerto/training/parameter_groups.h"
#include "enxerto/training/training_loop.h"
#include "tests/engine/small_networks.h"

namespace enxerto {
namespace {

/// Three features of `examples`, of which the first says the class, i % 2, four times of five.
struct ScaledPoints {
  explicit ScaledPoints(std::size_t examples, std::array<double, 3> mean, std::array<double, 3> scale) {
    for (std::size_t i = 0; i < examples; ++i) {
      Rng rng({.seed = 5, .epoch = 0, .example = i, .purpose = "scaled points"});
      for (std::size_t f = 0; f < 3; ++f) {
        const double own = f > 0 ? 0 : i % 2 == 0 ? -0.6 : 0.6;
        values.push_back(static_cast<float>(mean[f] + scale[f] * (own + rng.uniform() * 2 - 1)));
      }
    }
  }

  Rows rows() const {
    Rows all{.width = 3, .row = {}};
    for (std::size_t at = 0; at < values.size(); at += 3) all.row.push_back(values.data() + at);
    return all;
  }

  std::vector<float> values;
};

class PointSource final : public BatchSource {
 public:
  explicit PointSource(const ScaledPoints& points) : points_(points) {}
  std::size_t size() const override { return points_.values.size() / 3; }
  bool is_quick() const override { return true; }
  std::string name(std::size_t example) const override { return std::to_string(example); }
  TrainBatch get(std::span<const std::size_t> examples, std::uint64_t /*epoch*/) override {
    const auto count = static_cast<std::int64_t>(examples.size());
    TensorBuffer rows(DType::f32, {count, 3}), labels(DType::i64, {count});
    for (std::size_t i = 0; i < examples.size(); ++i) {
      std::copy_n(points_.values.data() + 3 * examples[i], 3, rows.as<float>().data() + 3 * i);
      labels.as<std::int64_t>()[i] = static_cast<std::int64_t>(examples[i] % 2);
    }
    return {.inputs = {{"features", std::move(rows).freeze()}, {"target", std::move(labels).freeze()}},
            .examples = count};
  }

 private:
  const ScaledPoints& points_;
};

Graph linear_head() {
  GraphBuilder net("head");
  const std::string x = net.input("features", {"batch", 3});
  net.stage("head");
  net.output(net.dense(x, "head", 2), "head.logits");
  return testing::filled(std::move(net).finish());
}

/// What the layer gives for a row.
std::array<double, 2> answer(const StateDict& weights, std::span<const double> row) {
  std::array<double, 2> found{};
  for (std::size_t unit = 0; unit < 2; ++unit) {
    found[unit] = static_cast<double>(weights.at("head.bias").as<float>()[unit]);
    for (std::size_t f = 0; f < 3; ++f)
      found[unit] += static_cast<double>(weights.at("head.weight").as<float>()[3 * unit + f]) * row[f];
  }
  return found;
}

double constant_of(const Graph& graph, const std::string& name, std::size_t at) {
  const auto node = std::ranges::find(graph.nodes, name, &Node::name);
  return static_cast<double>(std::get<Tensor>(node->attributes.at("value")).as<float>()[at]);
}

/// Of a row as the scaled head sees it.
std::array<double, 3> standardised(const Graph& scaled, const float* row) {
  std::array<double, 3> found{};
  for (std::size_t f = 0; f < 3; ++f)
    found[f] = (static_cast<double>(row[f]) - constant_of(scaled, "head.scaling.mean", f)) *
               constant_of(scaled, "head.scaling.inverse", f);
  return found;
}

TEST(HeadScaling, IsNoneOfFeaturesOfAUsualSizeAndOfOtherHeads) {
  const ScaledPoints usual(100, {0.2, -1, 3}, {0.3, 1, 2}), large(100, {0, 0, 0}, {100, 100, 100});
  EXPECT_FALSE(HeadScaling::of(linear_head(), std::vector{usual.rows()}, 1));
  EXPECT_TRUE(HeadScaling::of(linear_head(), std::vector{large.rows()}, 1));
  EXPECT_FALSE(HeadScaling::of(linear_head(), {}, 1)) << "features that are not kept";
  Graph hidden = linear_head();
  hidden.nodes.back().op = "Relu";
  EXPECT_FALSE(HeadScaling::of(hidden, std::vector{large.rows()}, 1));
}

TEST(HeadScaling, GivesWhatItGaveAndIsFoldedToWhatItGives) {
  const ScaledPoints points(50, {1000, -3, 0.5}, {30, 0.01, 0});
  const Graph plain = linear_head();
  const HeadScaling scaling = HeadScaling::of(plain, std::vector{points.rows()}, 1).value();
  const Graph same = scaling.scaled(plain, false), fresh = scaling.scaled(plain, true);
  EXPECT_TRUE(identical(fresh.parameters.at("head.weight"), plain.parameters.at("head.weight")));
  const StateDict folded = scaling.folded(fresh.parameters);
  for (std::size_t i = 0; i < 50; ++i) {
    const float* const row = points.values.data() + 3 * i;
    const std::array<double, 3> as_it_is{row[0], row[1], row[2]};
    for (std::size_t unit = 0; unit < 2; ++unit) {
      EXPECT_NEAR(answer(same.parameters, standardised(same, row))[unit], answer(plain.parameters, as_it_is)[unit],
                  0.02);
      EXPECT_NEAR(answer(folded, as_it_is)[unit], answer(fresh.parameters, standardised(fresh, row))[unit], 1e-3);
    }
  }
}

TEST(HeadScaling, LetsAdamLearnFromFeaturesOfAnySize) {
  const ScaledPoints points(200, {500, -20, 0}, {40, 0.02, 300});
  const auto right_after = [&](bool scales) {
    const Graph plain = linear_head();
    const auto scaling = HeadScaling::of(plain, std::vector{points.rows()}, 1);
    const Graph learner =
        with_loss(scales ? scaling->scaled(plain, true) : plain, {.kind = "sparse_categorical_cross_entropy"});
    TrainerOptions options;
    options.threads = 1;
    options.groups = parameter_groups(learner, std::vector<std::string>{"head"}, {});
    PointSource source(points);
    const std::unique_ptr<Trainer> trainer = make_trainer(learner, options);
    StateDict weights =
        train_phase(*trainer, {.training = source}, {.epochs = 10, .batch_size = 16, .learning_rate = 0.01}).weights;
    if (scales) weights = scaling->folded(std::move(weights));
    std::size_t right = 0;
    for (std::size_t i = 0; i < 200; ++i) {
      const float* const row = points.values.data() + 3 * i;
      const auto said = answer(weights, std::array<double, 3>{row[0], row[1], row[2]});
      right += (said[1] > said[0]) == (i % 2 == 1) ? 1 : 0;
    }
    return right;
  };
  EXPECT_GE(right_after(true), 150U) << "of 160 that can be told apart";
  EXPECT_LT(right_after(false), 140U);
}

}  // namespace
}  // namespace enxerto
