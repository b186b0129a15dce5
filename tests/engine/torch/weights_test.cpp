// Pieces of a batch count by what the loss is the mean over.
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "enxerto/engine/trainer.h"
#include "enxerto/graph/builder.h"
#include "tests/files/thrown.h"

namespace enxerto {
namespace {

/// The mean over the tokens that count of (x . w)^2, and beside it `shift` (shifts) whose mean is added.
Graph mean_over_tokens() {
  GraphBuilder net("tokens");
  net.stage("body");
  std::string x = net.input("tokens", {"batch", "length", 2}, DType::f64);
  const std::string counts = net.input("counts", {"batch", "length"}, DType::f64);
  const std::string shift = net.input("shift", {"shifts"}, DType::f64);
  x = net.add("MatMul", "product", {x, net.parameter("w", {2, 1}, DType::f64)});
  x = net.add("Mul", "square", {x, x});
  x = net.add("Squeeze", "flat", {x, net.constant(Tensor::of<std::int64_t>({1}, {2}))});
  x = net.add("Mul", "counted", {x, counts});
  const Attributes to_scalar{{"keepdims", std::int64_t{0}}};
  x = net.add("ReduceSum", "sum", {x}, to_scalar);
  x = net.add("Div", "mean", {x, net.add("ReduceSum", "tokens_that_count", {counts}, to_scalar)});
  x = net.add("Add", "shifted", {x, net.add("ReduceMean", "mean_shift", {shift}, to_scalar)});
  net.output(x, "loss");
  Graph graph = std::move(net).finish().graph;
  graph.parameters.set("w", Tensor::of<double>({2, 1}, {0.3, -0.8}));
  return graph;
}

/// Examples of `length` tokens of which the first `counted` count.
TrainBatch batch_of(std::int64_t length, std::vector<std::int64_t> counted, std::int64_t first) {
  std::vector<double> tokens, counts;
  double weight = 0;
  for (std::size_t i = 0; i < counted.size(); ++i) {
    for (std::int64_t t = 0; t < length; ++t) {
      const double value = static_cast<double>((first + static_cast<std::int64_t>(i)) * 7 + t);
      tokens.insert(tokens.end(), {0.1 * value, 1 - 0.05 * value});
      counts.push_back(t < counted[i] ? 1 : 0);
      weight += counts.back();
    }
  }
  const auto examples = static_cast<std::int64_t>(counted.size());
  return {.inputs = {{"counts", Tensor::of<double>({examples, length}, counts)},
                     {"shift", Tensor::of<double>({3}, {0, 1, 2})},
                     {"tokens", Tensor::of<double>({examples, length, 2}, tokens)}},
          .examples = examples,
          .weight = weight};
}

TrainerOptions training() { return {.threads = 1, .optimizer = {.kind = "sgd"}, .groups = {{.parameters = {"w"}}}}; }

TEST(BatchWeight, IsTheNumberOfExamplesUnlessItIsGiven) {
  EXPECT_EQ((TrainBatch{.inputs = {}, .examples = 5}.weight), 5);
  EXPECT_EQ((TrainBatch{.inputs = {}, .examples = 5, .weight = 7}.weight), 7);
}

TEST(BatchWeight, MakesPiecesOfUnequalTokenCountsTheWholeBatch) {
  const TrainBatch whole = batch_of(6, {6, 1, 2}, 0);
  // The micro_batches are of other lengths: what does not count is not there.
  const std::vector<TrainBatch> micro_batches{batch_of(6, {6}, 0), batch_of(2, {1, 2}, 1)};
  const auto one = make_trainer(mean_over_tokens(), training()), two = make_trainer(mean_over_tokens(), training());
  for (int i = 0; i < 3; ++i) {
    const StepResult a = one->step({&whole, 1}, 0.01), b = two->step(micro_batches, 0.01);
    EXPECT_NEAR(a.loss, b.loss, 1e-12);
    EXPECT_NEAR(a.gradient_norm, b.gradient_norm, 1e-12);
  }
  std::vector<TrainBatch> by_examples = micro_batches;
  for (TrainBatch& piece : by_examples) piece.weight = static_cast<double>(piece.examples);
  const auto other = make_trainer(mean_over_tokens(), training());
  EXPECT_GT(std::abs(other->step(by_examples, 0.01).loss -
                     make_trainer(mean_over_tokens(), training())->step({&whole, 1}, 0.01).loss),
            1e-3);
}

TEST(BatchWeight, IsRefusedWhereItIsNoNumberAboveZero) {
  const auto trainer = make_trainer(mean_over_tokens(), training());
  for (const double weight : {0.0, -1.0, std::nan("")}) {
    TrainBatch batch = batch_of(2, {1}, 0);
    batch.weight = weight;
    expect_says(thrown_by([&] { trainer->step({&batch, 1}, 0.1); }), ErrorKind::data, "weight");
  }
}

}  // namespace
}  // namespace enxerto
