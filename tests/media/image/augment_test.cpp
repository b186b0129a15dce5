#include "enxerto/media/image/augment.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/base/threads.h"
#include "enxerto/media/image/random_change.h"
#include "tests/media/pattern.h"

namespace enxerto {
namespace {

constexpr int kSize = 24;
constexpr PixelBox kPicture{.left = 0, .top = 0, .width = 60, .height = 40};

/// Everything at once.
Augmentation all_of_it() {
  return {.flip = true,
          .vertical_flip = true,
          .crop = 0.3,
          .pad_crop = 0.125,
          .rotate = 15,
          .zoom = 0.1,
          .brightness = 0.4,
          .contrast = 0.4,
          .saturation = 0.4,
          .hue = 0.1,
          .randaugment = 2,
          .randaugment_magnitude = 9,
          .erase = 0.5,
          .mixup = 0.2,
          .cutmix = 1};
}

std::vector<float> augmented(const Image& image, const Augmentation& augmentation, std::uint64_t example) {
  std::vector<float> out(3 * kSize * kSize);
  augment_into(image, {.size = kSize}, augmentation, {7, 1, example, {}}, out);
  return out;
}

std::vector<float> plain(const Image& image) {
  std::vector<float> out(3 * kSize * kSize);
  preprocess_into(image, {.size = kSize}, out);
  return out;
}

PictureChange change_of(const Augmentation& augmentation, std::uint64_t example) {
  return draw_change(augmentation, kPicture, kSize, {3, 0, example, {}});
}

TEST(Augment, IsThePlainPreprocessingWhereEverythingIsOff) {
  const Image image = pattern(60, 40);
  EXPECT_EQ(augmented(image, {}, 1), plain(image));
  EXPECT_EQ(augmented(image, {.mixup = 0.2, .cutmix = 1}, 1), plain(image));
}

TEST(Augment, GivesTheSamePixelsForTheSameKeyOnAnyThread) {
  const Image image = pattern(60, 40);
  std::vector<std::vector<float>> alone(40), together(40);
  for (std::size_t i = 0; i < alone.size(); ++i) alone[i] = augmented(image, all_of_it(), i);
  parallel_for(4, together.size(), [&](std::size_t i) { together[i] = augmented(image, all_of_it(), i); });
  EXPECT_EQ(alone, together);
  EXPECT_NE(alone[0], alone[1]);
}

TEST(Augment, FlipsEverySecondPictureAndThenExactly) {
  Image image = pattern(kSize, kSize), mirrored = image;
  for (std::size_t i = 0; i < image.pixels.size(); ++i) {
    const std::size_t pixel = i / 3, y = pixel / kSize, x = pixel % kSize;
    mirrored.pixels[(y * kSize + kSize - 1 - x) * 3 + i % 3] = image.pixels[i];
  }
  std::vector<float> as_is(3 * kSize * kSize), flipped = as_is, found = as_is;
  const ImagePreprocess preprocess{.size = kSize, .fit = ImagePreprocess::Fit::squash};
  preprocess_into(image, preprocess, as_is);
  preprocess_into(mirrored, preprocess, flipped);
  int flips = 0;
  for (std::uint64_t i = 0; i < 2000; ++i) {
    augment_into(image, preprocess, {.flip = true}, {1, 0, i, {}}, found);
    ASSERT_TRUE(found == as_is || found == flipped);
    flips += found == flipped ? 1 : 0;
  }
  EXPECT_NEAR(flips, 1000, 100);
}

TEST(Augment, DrawsEveryParameterFromItsRangeAndReachesBothEnds) {
  double least_angle = 0, most_angle = 0, least_scale = 2, most_scale = 0, least_hue = 1, most_hue = -1;
  double least_brightness = 9, most_brightness = 0;
  std::set<int> lefts;
  for (std::uint64_t i = 0; i < 3000; ++i) {
    const PictureChange change = change_of(all_of_it(), i);
    least_angle = std::min(least_angle, change.angle);
    most_angle = std::max(most_angle, change.angle);
    least_scale = std::min(least_scale, change.scale);
    most_scale = std::max(most_scale, change.scale);
    least_hue = std::min(least_hue, change.hue);
    most_hue = std::max(most_hue, change.hue);
    least_brightness = std::min(least_brightness, change.brightness);
    most_brightness = std::max(most_brightness, change.brightness);
    lefts.insert(change.left);
  }
  EXPECT_TRUE(least_angle >= -15 && least_angle < -14.9 && most_angle <= 15 && most_angle > 14.9);
  EXPECT_TRUE(least_scale >= 0.9 && least_scale < 0.901 && most_scale <= 1.1 && most_scale > 1.099);
  EXPECT_TRUE(least_hue >= -0.1 && least_hue < -0.099 && most_hue <= 0.1 && most_hue > 0.099);
  EXPECT_TRUE(least_brightness >= 0.6 && least_brightness < 0.602);
  EXPECT_TRUE(most_brightness <= 1.4 && most_brightness > 1.398);
  EXPECT_EQ(lefts, (std::set<int>{-3, -2, -1, 0, 1, 2, 3}));
}

TEST(Augment, NeverMakesAFactorNegative) {
  for (std::uint64_t i = 0; i < 500; ++i) EXPECT_GE(change_of({.contrast = 3}, i).contrast, 0);
}

TEST(Augment, CropsAShareOfTheAreaInsideThePicture) {
  for (std::uint64_t i = 0; i < 1000; ++i) {
    const PixelBox box = change_of({.crop = 0.3}, i).crop.value();
    ASSERT_TRUE(box.left >= 0 && box.top >= 0 && box.width > 0 && box.height > 0);
    ASSERT_TRUE(box.left + box.width <= kPicture.width && box.top + box.height <= kPicture.height);
    EXPECT_GT(box.width * box.height, 0.27 * kPicture.width * kPicture.height);
    EXPECT_LE(static_cast<double>(box.width) / box.height, 1.42);
    EXPECT_GE(static_cast<double>(box.width) / box.height, 0.7);
  }
}

TEST(Augment, TakesTheMiddleOfAPictureThatNoCropOfItsShapeFits) {
  const PixelBox strip{.left = 0, .top = 0, .width = 400, .height = 4};
  const PixelBox box = draw_change({.crop = 1}, strip, kSize, {3, 0, 1, {}}).crop.value();
  EXPECT_EQ(box, (PixelBox{.left = 197, .top = 0, .width = 5, .height = 4}));
}

TEST(Augment, ErasesAsOftenAsAskedARectangleOfTheNetworksInput) {
  int erased = 0;
  for (std::uint64_t i = 0; i < 2000; ++i) {
    const std::optional<PixelBox> box = change_of({.erase = 0.25}, i).erased;
    if (!box) continue;
    ++erased;
    ASSERT_TRUE(box->left >= 0 && box->left + box->width <= kSize && box->top >= 0 && box->top + box->height <= kSize);
    EXPECT_LT(box->width * box->height, 0.4 * kSize * kSize);
  }
  EXPECT_NEAR(erased, 500, 80);
  const Image image = pattern(60, 40);
  const std::vector<float> before = plain(image), after = augmented(image, {.erase = 1}, 5);
  std::size_t zeros = 0;
  for (std::size_t i = 0; i < after.size(); ++i) {
    EXPECT_TRUE(after[i] == before[i] || after[i] == 0);
    zeros += after[i] == 0 ? 1 : 0;
  }
  EXPECT_GT(zeros, 0U);
  EXPECT_EQ(zeros % 3, 0U);
}

TEST(Augment, KeepsWhatOnePartDrawsWhereAnotherIsSwitchedOn) {
  const PictureChange alone = change_of({.rotate = 15}, 4), together = change_of(all_of_it(), 4);
  EXPECT_EQ(alone.angle, together.angle);
}

TEST(Augment, StretchesNoMemoryAndReadsNoOtherWhateverTheSizes) {
  for (const auto& [width, height] : {std::pair{1, 1}, std::pair{1, 50}, std::pair{50, 2}, std::pair{3, 3}}) {
    for (const int size : {1, 2, 5, 17}) {
      std::vector<float> out(3U * static_cast<std::size_t>(size) * static_cast<std::size_t>(size));
      for (std::uint64_t i = 0; i < 30; ++i) {
        augment_into(pattern(width, height), {.size = size}, all_of_it(), {1, 2, i, {}}, out);
        for (const float value : out) ASSERT_TRUE(std::isfinite(value));
      }
    }
  }
}

TEST(Augment, KnowsWhatChangesPictures) {
  EXPECT_FALSE(changes_pictures({}));
  EXPECT_FALSE(changes_pictures({.randaugment_magnitude = 3, .mixup = 0.2, .cutmix = 1}));
  EXPECT_TRUE(changes_pictures({.flip = true}));
  EXPECT_TRUE(changes_pictures({.erase = 0.1}));
}

TEST(Augment, RecordsEveryFieldOfThePolicy) {
  const Json json = to_json(all_of_it());
  EXPECT_EQ(json.size(), 20U);
  EXPECT_EQ(json["crop"], 0.3);
  EXPECT_EQ(json["randaugment"], 2);
  EXPECT_NE(json.dump(), to_json(Augmentation{}).dump());
}

TEST(Augment, RefusesWhatIsOutOfRangeAndNamesIt) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::vector<std::pair<Augmentation, std::string>> wrong{
      {{.crop = 1.5}, "crop"},
      {{.pad_crop = 0.6}, "pad_crop"},
      {{.rotate = -1}, "rotate"},
      {{.zoom = 1}, "zoom"},
      {{.brightness = nan}, "brightness"},
      {{.hue = 0.6}, "hue"},
      {{.randaugment = -1}, "randaugment"},
      {{.randaugment_magnitude = 31}, "randaugment_magnitude"},
      {{.erase = 2}, "erase"},
      {{.mixup = -1}, "mixup"},
      {{.cutmix = nan}, "cutmix"}};
  for (const auto& [augmentation, field] : wrong) {
    try {
      check(augmentation, "recipe.toml");
      ADD_FAILURE() << field;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::usage);
      EXPECT_NE(std::string(error.what()).find("recipe.toml: " + field + ": "), std::string::npos) << error.what();
    }
  }
  EXPECT_NO_THROW(check(all_of_it(), "recipe.toml"));
}

}  // namespace
}  // namespace enxerto
