#include "enxerto/zoo/detectors.h"

#include <gtest/gtest.h>

#include "enxerto/base/error.h"
#include "enxerto/graph/cost.h"
#include "enxerto/graph/infer.h"
#include "enxerto/heads/head_kind.h"
#include "enxerto/zoo/registry.h"
#include "tests/zoo/formula.h"

namespace enxerto {
namespace {

/// As torchvision counts them, of 90 classes and a background, and of 91.
TEST(Detectors, HaveTheSizeOfTheirReference) {
  EXPECT_EQ(total(cost(ssdlite_mobilenet_v3_large({.size = 320, .classes = 90}))).parameters, 3'440'060U);
  EXPECT_EQ(total(cost(retinanet_resnet50({.size = 320, .classes = 91}))).parameters, 34'068'119U);
}

TEST(Detectors, AnswerForEachDefaultBoxOfTheirMaps) {
  const ValueTypes ssdlite = infer_shapes(ssdlite_mobilenet_v3_large({.size = 320, .classes = 90}));
  EXPECT_EQ(ssdlite.at("head.logits").shape, (SymbolicShape{"batch", 3234, 95}));
  EXPECT_EQ(ssdlite.at("probabilities").shape, (SymbolicShape{"batch", 3234, 94}));
  const ValueTypes retina = infer_shapes(retinanet_resnet50({.size = 256, .classes = 3}));
  EXPECT_EQ(retina.at("head.logits").shape,
            (SymbolicShape{"batch", (32 * 32 + 16 * 16 + 8 * 8 + 4 * 4 + 2 * 2) * 9, 7}));
}

TEST(Detectors, SayHowManyClassesTheirWeightsAreFor) {
  for (const Architecture& row : architectures()) {
    if (row.classes_in == nullptr) continue;
    const StateDict weights = formula::weights(row.build({.size = row.minimum_size, .classes = 5}));
    EXPECT_EQ(row.classes_in(weights), 5) << row.name;
    EXPECT_LT(row.classes_in({}), 1) << row.name;
    EXPECT_TRUE(head_in(weights)) << row.name;
  }
}

TEST(Detectors, AreKnownByTheirHeads) {
  const auto spec = head_in(formula::weights(retinanet_resnet50({.size = 64, .classes = 1})));
  ASSERT_TRUE(spec);
  EXPECT_EQ(spec->kind, "retina");
  EXPECT_EQ(spec->hidden, (std::vector<std::int64_t>{256, 256, 256, 256}));
  EXPECT_FALSE(head_in({}));
}

TEST(Detectors, RefuseNoPixelAndNoClass) {
  EXPECT_THROW(ssdlite_mobilenet_v3_large({.size = 0}), Error);
  EXPECT_THROW(retinanet_resnet50({.classes = 0}), Error);
}

}  // namespace
}  // namespace enxerto
