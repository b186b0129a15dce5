#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "enxerto/engine/executor.h"
#include "enxerto/files/json.h"
#include "enxerto/graph/cut.h"
#include "enxerto/graph/fold.h"
#include "enxerto/zoo/registry.h"
#include "tests/zoo/formula.h"

namespace enxerto {
namespace {

/// Of the largest logit: float32 arithmetic through 152 layers, on any processor.
constexpr double kTolerance = 2e-5;

std::vector<Tensor> run(const Graph& graph, const Tensor& input) {
  const std::vector<Tensor> inputs{input};
  return compile(graph, {.threads = 1, .streams = 1, .precision = Precision::fp32})->run(inputs);
}

double largest_difference(const Tensor& logits, const Json& golden) {
  double largest = 0;
  std::size_t i = 0;
  for (const Json& row : golden.at("logits")) {
    for (const Json& value : row) {
      largest = std::max(largest, std::abs(value.get<double>() - static_cast<double>(logits.as<float>()[i++])));
    }
  }
  EXPECT_EQ(i, logits.size());
  return largest / golden.at("scale").get<double>();
}

class ZooParity : public testing::TestWithParam<Architecture> {};

TEST_P(ZooParity, EqualsItsReference) {
  const std::string path = std::string(ENXERTO_TEST_DATA) + "/zoo/" + std::string(GetParam().name) + ".json";
  const Json golden = read_json(path, 1 << 20);
  const auto size = golden.at("size").get<std::int64_t>();
  const Blueprint blueprint = GetParam().build({.size = size, .classes = golden.at("classes").get<std::int64_t>()});
  const Graph graph = blueprint.fill(formula::weights(blueprint));
  const Tensor input = formula::input(2, size);
  EXPECT_LE(largest_difference(run(graph, input).at(0), golden), kTolerance);
  const Halves halves = cut_at_frontier(graph, "head");
  const Tensor features = run(fold_batch_norm(halves.prefix), input).at(0);
  EXPECT_LE(largest_difference(run(halves.suffix, features).at(0), golden), kTolerance);
}

INSTANTIATE_TEST_SUITE_P(EveryNetwork, ZooParity, testing::ValuesIn(architectures().begin(), architectures().end()),
                         [](const auto& network) { return std::string(network.param.name); });

}  // namespace
}  // namespace enxerto
