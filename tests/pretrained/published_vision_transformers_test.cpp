#include <gtest/gtest.h>

#include "enxerto/pretrained/spec.h"
#include "tests/media/image_record.h"

namespace enxerto {
namespace {

using testing::image_of;

PretrainedSpec from(std::string_view name, std::string_view source) {
  for (const PretrainedSpec& spec : pretrained_named(name))
    if (spec.source == source) return spec;
  ADD_FAILURE() << name << " has nothing from " << source;
  return {};
}

TEST(PublishedVisionTransformers, AreFirstThoseWhoseDigestIsKnown) {
  EXPECT_EQ(pretrained_named("vit_b16").front().sha256, "c867db91");
  EXPECT_EQ(pretrained_named("dinov2_vits14").front().source, "transformers");
}

TEST(PublishedVisionTransformers, PreparePicturesEachAsItsSource) {
  EXPECT_EQ(image_of(from("vit_b16", "torchvision").preprocessor).filter, Filter::bilinear);
  EXPECT_EQ(image_of(from("vit_b16", "torchvision").preprocessor).mean[0], 0.485F);
  EXPECT_EQ(std::floor(224 / image_of(from("vit_l16", "torchvision").preprocessor).crop_fraction), 242);
  EXPECT_EQ(image_of(from("vit_b16", "timm").preprocessor).crop_fraction, 0.9);
  EXPECT_EQ(image_of(from("vit_b16", "timm").preprocessor).mean[0], 0.5F);
  EXPECT_EQ(image_of(from("vit_b16", "transformers").preprocessor).fit, ImagePreprocess::Fit::squash);
  EXPECT_EQ(image_of(from("dinov2_vitb14", "transformers").preprocessor), ImagePreprocess{});
}

TEST(PublishedVisionTransformers, HaveNoClassesWhereTheyAreBackbones) {
  EXPECT_EQ(from("dinov2_vits14", "facebook").outputs, 0);
  EXPECT_EQ(from("vit_s16", "timm").labels.size(), 1000U);
}

}  // namespace
}  // namespace enxerto
