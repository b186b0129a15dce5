#include "enxerto/pretrained/preprocess_name.h"

#include <gtest/gtest.h>

namespace enxerto {
namespace {

TEST(PreprocessName, IsTheModesThatPeopleKnow) {
  EXPECT_EQ(preprocess_name(ImagePreprocess{}), "torch");
  ImagePreprocess preprocess;
  preprocess.mean = preprocess.deviation = {0.5F, 0.5F, 0.5F};
  EXPECT_EQ(preprocess_name(preprocess), "tf");
  preprocess.divisor = 127.5F;
  preprocess.mean = preprocess.deviation = {1, 1, 1};
  EXPECT_EQ(preprocess_name(preprocess), "tf");
  preprocess.divisor = 1;
  preprocess.mean = {103.939F, 116.779F, 123.68F};
  preprocess.channels = ImagePreprocess::Channels::bgr;
  EXPECT_EQ(preprocess_name(preprocess), "caffe");
}

TEST(PreprocessName, IsTheFiguresOfOthers) {
  ImagePreprocess preprocess;
  preprocess.mean = {0.25F, 0.25F, 0.25F};
  preprocess.deviation = {0.75F, 0.75F, 0.75F};
  EXPECT_EQ(preprocess_name(preprocess), "(x/255 - 0.25) / 0.75");
}

}  // namespace
}  // namespace enxerto
