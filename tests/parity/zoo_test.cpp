#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "enxerto/base/error.h"
#include "enxerto/engine/executor.h"
#include "enxerto/files/json.h"
#include "enxerto/graph/cut.h"
#include "enxerto/graph/fold.h"
#include "enxerto/zoo/registry.h"
#include "tests/zoo/formula.h"

namespace enxerto {
namespace {

constexpr double kTolerance = 1e-4;  // of the largest logit

/// Largest difference to the reference's logits, relative to the largest of them.
double difference(const Tensor& logits, const Json& golden) {
  double largest = 0;
  const auto found = logits.as<float>();
  std::size_t at = 0;
  for (const Json& row : golden.at("logits"))
    for (const Json& value : row) largest = std::max(largest, std::abs(found[at++] - value.get<double>()));
  EXPECT_EQ(at, found.size());
  return largest / golden.at("scale").get<double>();
}

class ZooParity : public ::testing::TestWithParam<std::string> {
 protected:
  ZooParity()
      : golden_(read_json(std::string(ENXERTO_TEST_DATA) + "/zoo/" + GetParam() + ".json", 1 << 20)),
        blueprint_(find_architecture(GetParam())
                       .build({.size = golden_.at("size").get<std::int64_t>(),
                               .classes = golden_.at("classes").get<std::int64_t>()})),
        graph_(blueprint_.fill(formula::weights(blueprint_))) {}

  Tensor input() const {
    return formula::input(static_cast<std::int64_t>(golden_.at("logits").size()),
                          golden_.at("size").get<std::int64_t>());
  }

  static Tensor run(const Graph& graph, const Tensor& input) {
    const auto count = static_cast<int>(input.shape().front());
    return compile(graph, {.threads = 2, .streams = 1, .batch = count})->run({&input, 1}).at(0);
  }

  Json golden_;
  Blueprint blueprint_;
  Graph graph_;
};

TEST_P(ZooParity, GivesTheReferencesLogitsThroughTheEngine) {
  EXPECT_LE(difference(run(graph_, input()), golden_), kTolerance);
}

TEST_P(ZooParity, GivesThemWithBatchNormsFoldedAndRunInTwoHalves) {
  const Halves halves = cut_at_frontier(graph_, "head");
  const Tensor features = run(fold_batch_norm(halves.prefix), input());
  EXPECT_LE(difference(run(halves.suffix, features), golden_), kTolerance);
}

std::vector<std::string> names() {
  std::vector<std::string> all;
  for (const Architecture& row : architectures()) all.emplace_back(row.name);
  return all;
}

INSTANTIATE_TEST_SUITE_P(Zoo, ZooParity, ::testing::ValuesIn(names()), [](const auto& row) { return row.param; });

}  // namespace
}  // namespace enxerto
