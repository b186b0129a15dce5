#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "enxerto/engine/executor.h"
#include "enxerto/graph/cost.h"
#include "enxerto/pretrained/random_backbone.h"
#include "enxerto/zoo/registry.h"
#include "tests/zoo/formula.h"

namespace enxerto {
namespace {

/// Norms whose running statistics are 0 and 1 normalise nothing, so that gates and activations shrink the features
/// (EfficientNet: 1e-6) and dense blocks add them up (DenseNet: 1e5) until the first training steps have set them. What
/// must not be is a network that has lost its numbers.
constexpr double kVanished = 1e-8, kExploded = 1e8;

class RandomBackbone : public ::testing::TestWithParam<std::string> {};

TEST_P(RandomBackbone, NeitherVanishesNorExplodes) {
  const int size = GetParam() == "inception_v3" ? 107 : 64;
  const Backbone backbone = random_backbone(GetParam(), {.size = size});
  const Tensor pictures = formula::input(1, size);
  const Tensor features = compile(backbone.graph, {.threads = 2, .streams = 1})->run(pictures);
  double squares = 0;
  for (const float value : features.as<float>()) {
    ASSERT_TRUE(std::isfinite(value));
    squares += static_cast<double>(value) * static_cast<double>(value);
  }
  const double size_of_features = std::sqrt(squares / static_cast<double>(features.size()));
  EXPECT_GT(size_of_features, kVanished);
  EXPECT_LT(size_of_features, kExploded);
}

/// The rest are deeper or wider ones of the same kinds.
std::vector<std::string> small_rows() {
  constexpr std::uint64_t kMost = 10'000'000;
  std::vector<std::string> names;
  for (const Architecture& row : architectures())
    if (row.classes_in == nullptr &&
        total(cost(row.build({.size = row.default_size, .classes = 1}))).parameters < kMost)
      names.emplace_back(row.name);
  return names;
}

INSTANTIATE_TEST_SUITE_P(Zoo, RandomBackbone, ::testing::ValuesIn(small_rows()),
                         [](const auto& row) { return row.param; });

}  // namespace
}  // namespace enxerto
