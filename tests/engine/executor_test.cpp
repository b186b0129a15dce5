#include "enxerto/engine/executor.h"

#include <gtest/gtest.h>

#include <cmath>
#include <thread>

#include "enxerto/base/error.h"
#include "enxerto/base/threads.h"
#include "tests/engine/small_networks.h"

namespace enxerto {
namespace {

using testing::filled;
using testing::small_classifier;
using testing::tensor_of;

Tensor run_one(Executor& executor, const Tensor& input) { return executor.run(input); }

void expect_near(const Tensor& found, const Tensor& expected, double tolerance) {
  ASSERT_EQ(found.shape(), expected.shape());
  const auto a = found.as<float>(), b = expected.as<float>();
  for (std::size_t i = 0; i < a.size(); ++i) ASSERT_NEAR(a[i], b[i], tolerance) << "element " << i;
}

/// One value of a 3 x 3 convolution of an (8, 8) picture with its border of zeros.
double convolved(std::span<const float> picture, std::span<const float> kernel, int row, int column) {
  double sum = 0;
  for (int c = 0; c < 3; ++c)
    for (int i = 0; i < 3; ++i)
      for (int j = 0; j < 3; ++j) {
        const int y = row + i - 1, x = column + j - 1;
        if (y < 0 || x < 0 || y >= 8 || x >= 8) continue;
        sum += static_cast<double>(picture[static_cast<std::size_t>((c * 8 + y) * 8 + x)]) *
               kernel[static_cast<std::size_t>((c * 3 + i) * 3 + j)];
      }
  return sum;
}

/// What `small_classifier` must give, written out.
Tensor classified(const Graph& graph, const Tensor& input) {
  const auto of = [&](const char* name) { return graph.parameters.at(name).as<float>(); };
  const auto kernel = of("conv.weight");
  const auto scale = of("bn.weight"), shift = of("bn.bias"), mean = of("bn.running_mean"), var = of("bn.running_var");
  const auto dense = of("fc.weight"), bias = of("fc.bias");
  const auto pictures = input.as<float>();
  std::vector<float> logits;
  for (std::size_t n = 0; n < static_cast<std::size_t>(input.shape()[0]); ++n) {
    std::vector<double> pooled(4, 0);
    for (std::size_t k = 0; k < 4; ++k)
      for (int pixel = 0; pixel < 64; ++pixel) {
        const double sum = convolved(pictures.subspan(n * 192, 192), kernel.subspan(k * 27, 27), pixel / 8, pixel % 8);
        pooled[k] += std::max(0.0, (sum - mean[k]) / std::sqrt(var[k] + 1e-3) * scale[k] + shift[k]) / 64;
      }
    for (std::size_t o = 0; o < 5; ++o) {
      double logit = bias[o];
      for (std::size_t k = 0; k < 4; ++k) logit += dense[o * 4 + k] * pooled[k];
      logits.push_back(static_cast<float>(logit));
    }
  }
  return Tensor::of<float>({input.shape()[0], 5}, logits);
}

ErrorKind kind_of(const std::function<void()>& work, std::string& what) {
  try {
    work();
  } catch (const Error& error) {
    what = error.what();
    return error.kind();
  }
  what = "no error";
  return ErrorKind::interrupted;
}

TEST(Executor, EqualsTheSumsWrittenOut) {
  const Graph graph = small_classifier();
  const auto executor = compile(graph, {.threads = 1});
  const Tensor input = tensor_of({3, 3, 8, 8}, 1);
  expect_near(run_one(*executor, input), classified(graph, input), 1e-5);
}

TEST(Executor, TakesAnotherBatchInEveryCall) {
  const Graph graph = small_classifier();
  const auto executor = compile(graph, {.threads = 2, .batch = 3});
  for (const std::int64_t batch : {3, 1, 7, 2, 5, 3, 9, 4, 7, 1, 6}) {
    const Tensor input = tensor_of({batch, 3, 8, 8}, static_cast<std::uint32_t>(batch));
    expect_near(run_one(*executor, input), classified(graph, input), 1e-5);
  }
}

TEST(Executor, GivesManyThreadsTheSameNumbers) {
  const auto executor = compile(small_classifier(), {.threads = 2});
  const Tensor input = tensor_of({2, 3, 8, 8}, 5);
  const Tensor expected = run_one(*executor, input);
  std::atomic<int> different = 0;
  run_workers(8, [&](int) {
    for (int i = 0; i < 30; ++i)
      if (!identical(run_one(*executor, input), expected)) ++different;
  });
  EXPECT_EQ(different, 0);
}

TEST(Executor, GivesEachOfManyThreadsItsOwnAnswer) {
  const Graph graph = small_classifier();
  const auto executor = compile(graph, {.threads = 2});
  run_workers(6, [&](int worker) {
    for (std::uint32_t i = 0; i < 10; ++i) {
      const Tensor input = tensor_of({1 + worker, 3, 8, 8}, 1000 + static_cast<std::uint32_t>(worker) * 100 + i);
      expect_near(run_one(*executor, input), classified(graph, input), 1e-5);
    }
  });
}

TEST(Executor, IsTheSameWithOneStreamOrSeveral) {
  const Graph graph = small_classifier();
  const Tensor input = tensor_of({4, 3, 8, 8}, 6);
  const Tensor expected = classified(graph, input);
  for (const int streams : {1, 2, 4}) {
    const auto executor = compile(graph, {.threads = 4, .streams = streams});
    expect_near(run_one(*executor, input), expected, 1e-5);
  }
}

TEST(Executor, KeepsTheParametersAliveAndItsResultsOutliveIt) {
  const Tensor input = tensor_of({2, 3, 8, 8}, 7);
  Tensor output, expected;
  {
    auto graph = std::make_unique<Graph>(small_classifier());
    expected = classified(*graph, input);
    const auto executor = compile(*graph, {.threads = 1});
    graph.reset();
    // The second size is compiled now, after the caller's graph is gone.
    const Tensor more = tensor_of({5, 3, 8, 8}, 8);
    EXPECT_EQ(run_one(*executor, more).shape(), (Shape{5, 5}));
    output = run_one(*executor, input);
  }
  expect_near(output, expected, 1e-5);
}

TEST(Executor, BindsInputsByNameAndKeepsOutputsInOrder) {
  Graph graph;
  graph.name = "several";
  graph.inputs = {{"a", DType::f32, {"n", 2}}, {"b", DType::f32, {"n", 2}}};
  graph.nodes = {{"difference", "Sub", "all", {"a", "b"}, {"difference"}, {}},
                 {"sum", "Add", "all", {"b", "a"}, {"sum"}, {}}};
  graph.outputs = {{"sum", DType::f32, {"n", 2}}, {"difference", DType::f32, {"n", 2}}};
  const auto executor = compile(graph, {.threads = 1});
  const Tensor a = Tensor::of<float>({1, 2}, {5, 7}), b = Tensor::of<float>({1, 2}, {1, 10});
  for (const TensorMap& inputs : {TensorMap{{"a", a}, {"b", b}}, TensorMap{{"b", b}, {"c", b}, {"a", a}}}) {
    const TensorMap outputs = executor->run(inputs);
    ASSERT_EQ(outputs.size(), 2U);
    EXPECT_EQ(outputs.begin()->first, "sum");
    EXPECT_TRUE(identical(outputs.at("sum"), Tensor::of<float>({1, 2}, {6, 17})));
    EXPECT_TRUE(identical(outputs.at("difference"), Tensor::of<float>({1, 2}, {4, -3})));
  }
  EXPECT_THROW(executor->run(a), Error) << "a tensor without a name";
}

TEST(Executor, HandsThroughAnOutputThatIsAnInput) {
  Graph graph;
  graph.name = "crossing";
  graph.inputs = {{"x", DType::f32, {"n", 2}}, {"mask", DType::i64, {"n"}}};
  graph.nodes = {{"relu", "Relu", "all", {"x"}, {"y"}, {}}};
  graph.outputs = {{"mask", DType::i64, {"n"}}, {"y", DType::f32, {"n", 2}}};
  const Tensor mask = Tensor::of<std::int64_t>({1}, {7});
  const TensorMap outputs =
      compile(graph, {.threads = 1})->run({{"x", Tensor::of<float>({1, 2}, {-1, 3})}, {"mask", mask}});
  ASSERT_EQ(outputs.size(), 2U);
  EXPECT_EQ(outputs.begin()->first, "mask");
  EXPECT_EQ(outputs.at("mask").data(), mask.data());
  EXPECT_TRUE(identical(outputs.at("y"), Tensor::of<float>({1, 2}, {0, 3})));
}

TEST(Executor, RunsAGraphWithTwoSymbols) {
  Graph graph;
  graph.name = "two symbols";
  graph.inputs = {{"x", DType::f32, {"batch", "length"}}};
  graph.nodes = {{"relu", "Relu", "all", {"x"}, {"y"}, {}}};
  graph.outputs = {{"y", DType::f32, {"batch", "length"}}};
  const auto executor = compile(graph, {.threads = 1});
  for (const std::int64_t length : {2, 3, 4, 5, 6, 7}) {
    const Tensor output = run_one(*executor, Tensor::of<float>({2, length}, std::vector<float>(2 * length, -1.0F)));
    EXPECT_TRUE(identical(output, Tensor::of<float>({2, length}, std::vector<float>(2 * length, 0.0F))));
  }
}

TEST(Executor, RefusesInputsThatDoNotFit) {
  const auto executor = compile(small_classifier(), {.threads = 1});
  const Tensor right = tensor_of({1, 3, 8, 8}, 1);
  const std::vector<TensorMap> wrong{{},
                                     {{"another", right}},
                                     {{"input", tensor_of({1, 3, 8, 9}, 1)}},
                                     {{"input", tensor_of({3, 8, 8}, 1)}},
                                     {{"input", tensor_of({0, 3, 8, 8}, 1)}},
                                     {{"input", Tensor::of<double>({1, 3, 8, 8}, std::vector<double>(192))}}};
  for (const TensorMap& inputs : wrong) {
    std::string what;
    EXPECT_EQ(kind_of([&] { executor->run(inputs); }, what), ErrorKind::data) << what;
  }
}

TEST(Executor, NamesTheInputThatDoesNotFit) {
  const auto executor = compile(small_classifier(), {.threads = 1});
  const Tensor wrong = tensor_of({2, 3, 9, 8}, 1);
  std::string what;
  kind_of([&] { executor->run(wrong); }, what);
  EXPECT_NE(what.find("input 'input': float32 (2, 3, 9, 8); expected float32 (batch, 3, 8, 8)"), std::string::npos)
      << what;
}

TEST(Executor, NamesAnOperationThatTheEngineDoesNotHave) {
  Graph graph;
  graph.name = "strange";
  graph.inputs = {{"x", DType::f32, {"n", 2}}};
  graph.nodes = {{"odd", "Frobnicate", "all", {"x"}, {"y"}, {}}};
  graph.outputs = {{"y", DType::f32, {"n", 2}}};
  std::string what;
  EXPECT_EQ(kind_of([&] { compile(graph, {.threads = 1}); }, what), ErrorKind::weights);
  EXPECT_NE(what.find("Frobnicate"), std::string::npos) << what;
  EXPECT_EQ(what.find(".cpp:"), std::string::npos) << what;
}

TEST(Executor, SaysWhichEngineItIs) {
  const auto executor = compile(small_classifier(), {.threads = 1});
  EXPECT_TRUE(executor->engine().starts_with("OpenVINO 20")) << executor->engine();
}

TEST(Executor, RunsInBf16WhereTheProcessorHasItAndRefusesElsewhere) {
  const Graph graph = small_classifier();
  const ExecutorOptions options{.threads = 1, .precision = Precision::bf16};
  if (!has_bf16()) {
    std::string what;
    EXPECT_EQ(kind_of([&] { compile(graph, options); }, what), ErrorKind::usage) << what;
    return;
  }
  const Tensor input = tensor_of({2, 3, 8, 8}, 9);
  const Tensor output = run_one(*compile(graph, options), input);
  const Tensor expected = classified(graph, input);
  expect_near(output, expected, 0.05);
  EXPECT_FALSE(identical(output, run_one(*compile(graph, {.threads = 1}), input)));
}

}  // namespace
}  // namespace enxerto
