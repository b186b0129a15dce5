#include "enxerto/transfer/graft.h"

#include <gtest/gtest.h>

#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/graph/cut.h"
#include "enxerto/graph/fingerprint.h"
#include "enxerto/zoo/registry.h"

namespace enxerto {
namespace {

Graph small_resnet() {
  const Blueprint blueprint = find_architecture("resnet18").build({.size = 64, .classes = 3});
  StateDict weights;
  for (const auto& parameter : blueprint.parameters) {
    const std::vector<float> ones(element_count(parameter.shape), 0.5F);
    weights.set(parameter.name, Tensor::of<float>(parameter.shape, std::span<const float>(ones)));
  }
  return blueprint.fill(weights);
}

LinearClassifier classifier(std::int64_t classes, std::int64_t features) {
  const std::vector<float> weight(static_cast<std::size_t>(classes * features), 0.1F);
  const std::vector<float> bias(static_cast<std::size_t>(classes));
  return {.weight = Tensor::of<float>({classes, features}, std::span<const float>(weight)),
          .bias = Tensor::of<float>({classes}, std::span<const float>(bias))};
}

TEST(Graft, PutsAHeadOfTheUsersClassesOnTheFrozenNetwork) {
  const Graph whole = graft_linear_head(small_resnet(), classifier(7, 512));
  EXPECT_EQ(whole.outputs.front().name, "probabilities");
  EXPECT_EQ(whole.outputs.front().shape.at(1), Dim(7));
  EXPECT_FALSE(whole.parameters.contains("fc.weight"));
}

TEST(Graft, FreezesTheSamePartWhateverTheHead) {
  const Graph network = small_resnet();
  const Graph grafted = cut_at_frontier(graft_linear_head(network, classifier(7, 512)), "head").prefix;
  EXPECT_EQ(fingerprint(frozen_part(network)), fingerprint(grafted));
}

TEST(Graft, CachesPooledFeaturesNotTheMapBeforeThem) {
  const Graph frozen = frozen_part(small_resnet());
  ASSERT_EQ(frozen.outputs.size(), 1U);
  EXPECT_EQ(frozen.outputs.front().shape, (SymbolicShape{"batch", 512}));
}

TEST(Graft, RefusesAHeadOfAnotherWidth) {
  EXPECT_THROW((void)graft_linear_head(small_resnet(), classifier(7, 100)), Error);
}

}  // namespace
}  // namespace enxerto
