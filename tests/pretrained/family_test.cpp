#include "enxerto/pretrained/family.h"

#include <gtest/gtest.h>

namespace enxerto {
namespace {

std::string next(const std::string& name, const std::string& source) {
  PretrainedSpec spec;
  spec.name = name;
  spec.source = source;
  return next_of_family(spec);
}

TEST(Family, GoesToTheNextGreaterNumberOfTheSameSource) {
  EXPECT_EQ(next("resnet18", "torchvision"), "resnet34");
  EXPECT_EQ(next("efficientnet_lite0", "timm"), "efficientnet_lite1");
  EXPECT_EQ(next("resnet152", "torchvision"), "");
  EXPECT_EQ(next("resnet18", "own"), "");
  EXPECT_EQ(next("convnext_tiny", "torchvision"), "");
}

TEST(Family, KnowsTheSizeOfPretraining) {
  PretrainedSpec spec;
  spec.name = "efficientnet_lite1";
  spec.source = "timm";
  EXPECT_EQ(pretrained_size(spec), 240);
  spec.source = "own";
  EXPECT_EQ(pretrained_size(spec), 0);
}

}  // namespace
}  // namespace enxerto
