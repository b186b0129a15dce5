#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <vector>

#include "enxerto/media/image/affine.h"
#include "enxerto/media/image/colour.h"
#include "enxerto/media/image/flip.h"
#include "enxerto/media/image/random_operations.h"
#include "enxerto/media/image/resize.h"
#include "enxerto/media/image/value_tables.h"
#include "tests/media/pattern.h"

namespace enxerto {
namespace {

using Numbers = std::vector<double>;

/// The pictures of tools/golden/augment.py.
Image picture(std::string_view kind, int width, int height) {
  Image image = pattern(width, height);
  for (std::size_t i = 0; i < image.pixels.size(); ++i) {
    const std::size_t number = i / 3, channel = i % 3;
    std::uint8_t& value = image.pixels[i];
    if (kind == "soft") value = static_cast<std::uint8_t>((value / 2 + 40) / (channel == 2 ? 50 : 1));
    if (kind == "colours") value = static_cast<std::uint8_t>(number / (std::size_t{1} << (4 * channel)) % 16 * 17);
  }
  return image;
}

void affine(Image& image, const Numbers& by, Sampling sampling) {
  const AffineChange change{
      .angle = by[0], .scale = by[3], .right = by[1], .down = by[2], .shear_across = by[4], .shear_down = by[5]};
  image = transform(image, affine_matrix(change, image.width * 0.5, image.height * 0.5), sampling);
}

const std::map<std::string, std::function<void(Image&, const Numbers&)>>& operations() {
  static const std::map<std::string, std::function<void(Image&, const Numbers&)>> kOperations{
      {"flip_left_right", [](Image& image, const Numbers&) { flip_left_right(image); }},
      {"flip_top_bottom", [](Image& image, const Numbers&) { flip_top_bottom(image); }},
      {"shift", [](Image& image,
                   const Numbers& by) { shift_reflected(image, static_cast<int>(by[0]), static_cast<int>(by[1])); }},
      {"brightness", [](Image& image, const Numbers& by) { adjust_brightness(image, by[0]); }},
      {"contrast", [](Image& image, const Numbers& by) { adjust_contrast(image, by[0]); }},
      {"saturation", [](Image& image, const Numbers& by) { adjust_saturation(image, by[0]); }},
      {"sharpness", [](Image& image, const Numbers& by) { adjust_sharpness(image, by[0]); }},
      {"hue", [](Image& image, const Numbers& by) { adjust_hue(image, by[0]); }},
      {"posterize", [](Image& image, const Numbers& by) { posterize(image, static_cast<int>(by[0])); }},
      {"solarize", [](Image& image, const Numbers& by) { solarize(image, by[0]); }},
      {"autocontrast", [](Image& image, const Numbers&) { autocontrast(image); }},
      {"equalize", [](Image& image, const Numbers&) { equalize(image); }},
      {"rotate",
       [](Image& image, const Numbers& by) {
         image = transform(image, rotation_matrix(by[0], image.width, image.height), Sampling::nearest);
       }},
      {"affine_nearest", [](Image& image, const Numbers& by) { affine(image, by, Sampling::nearest); }},
      {"affine_bilinear", [](Image& image, const Numbers& by) { affine(image, by, Sampling::bilinear); }},
      {"resized_crop",
       [](Image& image, const Numbers& by) {
         const auto at = [&](std::size_t i) { return static_cast<int>(by[i]); };
         image = resize(crop(image, at(0), at(1), at(2), at(3)), at(4), at(4), Filter::bicubic);
       }},
  };
  return kOperations;
}

void apply_named(Image& image, const std::string& name, const Numbers& by) {
  const auto known = operations().find(name);
  if (known != operations().end()) return known->second(image, by);
  for (const RandomOperation& operation : random_operations()) {
    if (operation.name != name) continue;
    const double strength = operation.strength(static_cast<int>(by[0]), image.width, image.height);
    return operation.apply(image, operation.is_signed ? by[1] * strength : strength);
  }
  FAIL() << name;
}

TEST(AugmentOperations, EqualPillowAndTorchvisionToTheBit) {
  std::ifstream list(std::filesystem::path(ENXERTO_TEST_DATA) / "media" / "augment.txt");
  std::string name, kind, wanted;
  int width = 0, height = 0, lines = 0;
  std::size_t count = 0;
  while (list >> name >> kind >> width >> height >> count) {
    Numbers numbers(count);
    for (double& number : numbers) list >> number;
    list >> wanted;
    Image image = picture(kind, width, height);
    apply_named(image, name, numbers);
    EXPECT_EQ(digits(image), wanted) << name << " of " << kind << " " << width << " x " << height << ", parameters "
                                     << ::testing::PrintToString(numbers);
    ++lines;
  }
  EXPECT_GT(lines, 600);
}

TEST(AugmentOperations, StandForRandAugmentInTorchvisionsOrder) {
  ASSERT_EQ(random_operations().size(), 14U);
  EXPECT_EQ(random_operations()[0].name, "Identity");
  EXPECT_EQ(random_operations()[13].name, "Equalize");
  const RandomOperation& posterize_operation = random_operations()[10];
  EXPECT_EQ(posterize_operation.strength(30, 8, 8), 4);
  EXPECT_EQ(posterize_operation.strength(0, 8, 8), 8);
}

TEST(AugmentOperations, ManagePicturesOfOnePixelAndOneLine) {
  for (const auto& [width, height] : {std::pair{1, 1}, std::pair{7, 1}, std::pair{1, 7}}) {
    for (const RandomOperation& operation : random_operations()) {
      for (const double sign : {1.0, -1.0}) {
        Image image = pattern(width, height);
        operation.apply(image, sign * operation.strength(9, width, height) * (operation.is_signed ? 1 : sign));
        EXPECT_EQ(image.pixels.size(), static_cast<std::size_t>(width * height * 3)) << operation.name;
      }
    }
    Image image = pattern(width, height);
    flip_left_right(image);
    flip_top_bottom(image);
    adjust_hue(image, 0.3);
    shift_reflected(image, 0, 0);
    EXPECT_EQ(image.pixels.size(), static_cast<std::size_t>(width * height * 3));
  }
}

TEST(AugmentOperations, SeeNothingButBlackFromFarAway) {
  const Image image = pattern(8, 8);
  for (const Sampling sampling : {Sampling::nearest, Sampling::bilinear}) {
    const Image far = transform(image, {1, 0.1, 1e9, 0, 1, -1e9}, sampling);
    EXPECT_EQ(far.pixels, std::vector<std::uint8_t>(8 * 8 * 3, 0));
  }
}

}  // namespace
}  // namespace enxerto
