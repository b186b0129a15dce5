#include "enxerto/heads/head.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "enxerto/engine/executor.h"
#include "enxerto/heads/convex_start.h"
#include "tests/engine/named.h"

namespace enxerto {
namespace {

using Floats = std::vector<float>;

Tensor identity(std::int64_t size) {
  Floats values(static_cast<std::size_t>(size * size));
  for (std::int64_t i = 0; i < size; ++i) values[static_cast<std::size_t>(i * size + i)] = 1;
  return Tensor::of<float>({size, size}, std::span<const float>(values));
}

/// Every square weight the identity, every bias 0, every norm without effect (but for epsilon).
Graph passing_on(const Blueprint& head) {
  StateDict parameters;
  for (const ParameterSpec& spec : head.parameters) {
    const bool one = spec.role == Role::norm_scale || spec.role == Role::running_variance;
    const Floats values(element_count(spec.shape), one ? 1.0F : 0.0F);
    parameters.set(spec.name, spec.shape.size() == 2 ? identity(spec.shape[0])
                                                     : Tensor::of<float>(spec.shape, std::span<const float>(values)));
  }
  return head.fill(parameters);
}

struct Answer {
  Floats logits, probabilities;
};

Answer run(const Graph& graph, const Tensor& features) {
  const TensorMap answers = compile(graph, {.threads = 1, .streams = 1})->run(testing::named(graph, {features}));
  const std::vector<Tensor> outputs = testing::tensors_of(answers);
  const auto floats = [](const Tensor& tensor) { return Floats(tensor.as<float>().begin(), tensor.as<float>().end()); };
  return {floats(outputs.at(0)), floats(outputs.at(1))};
}

void expect_near(const Floats& found, const Floats& wanted) {
  ASSERT_EQ(found.size(), wanted.size());
  for (std::size_t i = 0; i < wanted.size(); ++i) EXPECT_NEAR(found[i], wanted[i], 1e-6) << i;
}

Value value(SymbolicShape shape) { return {"features", DType::f32, std::move(shape)}; }

TEST(HeadParity, PoolsAMapAsItsNameSays) {
  const Tensor map = Tensor::of<float>({1, 2, 1, 3}, {1, 2, 6, -4, -1, -1});
  const auto pooled = [&](const char* pool, std::int64_t features) {
    return run(passing_on(head_network({.pool = pool}, value({"batch", 2, 1, 3}), features)), map).logits;
  };
  expect_near(pooled("avg", 2), {3, -2});
  expect_near(pooled("max", 2), {6, -1});
  expect_near(pooled("flatten", 6), {1, 2, 6, -4, -1, -1});
  expect_near(pooled("concat", 4), {3, -2, 6, -1});
}

TEST(HeadParity, PoolsTokens) {
  const Tensor tokens = Tensor::of<float>({1, 3, 2}, {1, -4, 2, -1, 6, -1});
  const auto pooled = [&](const char* pool, std::int64_t features) {
    return run(passing_on(head_network({.pool = pool}, value({"batch", 3, 2}), features)), tokens).logits;
  };
  expect_near(pooled("avg", 2), {3, -2});
  expect_near(pooled("max", 2), {6, -1});
  expect_near(pooled("flatten", 6), {1, -4, 2, -1, 6, -1});
  expect_near(pooled("concat", 4), {3, -2, 6, -1});
}

TEST(HeadParity, BendsBetweenItsLayersAsTheActivationSays) {
  const Floats xs{-2, -0.5F, 0.25F, 3};
  struct Row {
    const char* name;
    double (*function)(double);
  };
  const Row rows[] = {
      {"relu", [](double x) { return std::max(x, 0.0); }},
      {"gelu", [](double x) { return x * 0.5 * std::erfc(-x / std::sqrt(2.0)); }},
      {"tanh", [](double x) { return std::tanh(x); }},
      {"sigmoid", [](double x) { return 1 / (1 + std::exp(-x)); }},
      {"silu", [](double x) { return x / (1 + std::exp(-x)); }},
      {"elu", [](double x) { return x > 0 ? x : std::expm1(x); }},
      {"none", [](double x) { return x; }},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const HeadSpec spec{.hidden = {4}, .activation = row.name, .dropout = 0.5};
    Floats wanted;
    for (const float x : xs) wanted.push_back(static_cast<float>(row.function(static_cast<double>(x))));
    const Tensor features = Tensor::of<float>({1, 4}, std::span<const float>(xs));
    expect_near(run(passing_on(head_network(spec, value({"batch", 4}), 4)), features).logits, wanted);
  }
}

TEST(HeadParity, ReadsItsLogitsAsTheOutputSays) {
  const Tensor features = Tensor::of<float>({1, 2}, {0, std::log(3.0F)});
  const auto answer = [&](const char* output) {
    return run(passing_on(head_network({.output = output}, value({"batch", 2}), 2)), features).probabilities;
  };
  expect_near(answer("softmax"), {0.25F, 0.75F});
  expect_near(answer("multi_label"), {0.5F, 0.75F});
  expect_near(answer("linear"), {0, std::log(3.0F)});
}

TEST(HeadParity, GivesBothProbabilitiesOfASingleUnit) {
  const Blueprint head = head_network({.output = "sigmoid"}, value({"batch", 1}), 2);
  const Answer answer = run(passing_on(head), Tensor::of<float>({3, 1}, {0, std::log(3.0F), 30}));
  expect_near(answer.logits, {0, std::log(3.0F), 30});
  expect_near(answer.probabilities, {0.5F, 0.5F, 0.25F, 0.75F, 0, 1});
  EXPECT_GT(answer.probabilities[4], 9e-14F);
}

TEST(HeadParity, StartsAtTheConvexSolutionWithEitherOutput) {
  const LinearClassifier classifier{.weight = Tensor::of<float>({2, 3}, {1, -2, 3, 0.5F, 1, -1}),
                                    .bias = Tensor::of<float>({2}, {0.25F, -1})};
  const Tensor features = Tensor::of<float>({2, 3}, {1, 0.5F, -0.25F, 0, -1, 2});
  // Scores -0.5 and 0.25, then 8.25 and -4.
  const float first = 1 / (1 + std::exp(0.75F)), second = 1 / (1 + std::exp(-12.25F));
  const Floats wanted{first, 1 - first, second, 1 / (1 + std::exp(12.25F))};
  const Value entering = value({"batch", 3});
  const Graph softmax = head_network({}, entering, 2).fill(linear_head_parameters(classifier));
  expect_near(run(softmax, features).probabilities, wanted);
  const Graph sigmoid =
      head_network({.output = "sigmoid"}, entering, 2).fill(linear_head_parameters(one_unit(classifier)));
  expect_near(run(sigmoid, features).probabilities, wanted);
}

TEST(HeadParity, IsTheSameWithoutItsTrainingNodes) {
  const HeadSpec spec{.hidden = {4, 4}, .batch_norm = true, .dropout = 0.3};
  const Graph whole = passing_on(head_network(spec, value({"batch", 4}), 4));
  const Tensor features = Tensor::of<float>({1, 4}, {1, 2, -3, 4});
  expect_near(run(without_training_nodes(whole), features).logits, run(whole, features).logits);
}

}  // namespace
}  // namespace enxerto
