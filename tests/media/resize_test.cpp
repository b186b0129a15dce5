#include "enxerto/media/image/resize.h"

#include <gtest/gtest.h>

#include <fstream>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/media/image/resample.h"
#include "tests/media/pattern.h"

namespace enxerto {
namespace {

struct Row {
  int width, height, to_width, to_height;
  Filter filter;
  std::string digits;
};

std::vector<Row> goldens() {
  std::ifstream list(std::string(ENXERTO_TEST_DATA "/media/resizes.txt"));
  std::vector<Row> rows;
  std::string filter;
  for (Row row; list >> row.width >> row.height >> row.to_width >> row.to_height >> filter >> row.digits;) {
    row.filter = filter_named(filter).value();
    rows.push_back(row);
  }
  return rows;
}

Image resized_with(const ResampleKernels& kernels, const Row& row) {
  Image out{row.to_width, row.to_height, {}};
  Resampler(kernels).run(pattern(row.width, row.height), {row.width, row.to_width, 0, row.to_width, row.filter},
                         {row.height, row.to_height, 0, row.to_height, row.filter},
                         [&](std::size_t, const std::uint8_t* line) {
                           out.pixels.insert(out.pixels.end(), line, line + std::ptrdiff_t{row.to_width} * 3);
                         });
  return out;
}

TEST(Resize, EqualsPillowForEveryFilterAndManySizes) {
  const std::vector<Row> rows = goldens();
  ASSERT_GT(rows.size(), 700U);
  for (const Row& row : rows) {
    const Image image = resize(pattern(row.width, row.height), row.to_width, row.to_height, row.filter);
    EXPECT_EQ(digits(image), row.digits) << row.width << " x " << row.height << " -> " << row.to_width << " x "
                                         << row.to_height << " " << name_of(row.filter);
  }
}

TEST(Resize, GivesTheSameBytesWithAndWithoutAvx2) {
  std::vector<const ResampleKernels*> all{&scalar_kernels(), &best_kernels()};
  if (avx2_kernels() != nullptr) all.push_back(avx2_kernels());
  for (const ResampleKernels* kernels : all) {
    for (const Row& row : goldens()) EXPECT_EQ(digits(resized_with(*kernels, row)), row.digits);
  }
}

TEST(Resize, OfAWindowIsTheSameAsACropOfTheWhole) {
  const Image image = pattern(61, 83);
  for (const Filter filter : {Filter::nearest, Filter::box, Filter::bicubic, Filter::lanczos}) {
    for (const auto& [width, height] : {std::pair{40, 50}, {61, 30}, {30, 83}, {90, 95}, {61, 83}, {59, 20}}) {
      const Image wanted = crop(resize(image, width, height, filter), 7, 9, 21, 11);
      Image found{21, 11, {}};
      thread_resampler().run(
          image, {61, width, 7, 21, filter}, {83, height, 9, 11, filter},
          [&](std::size_t, const std::uint8_t* row) { found.pixels.insert(found.pixels.end(), row, row + 63); });
      EXPECT_EQ(found.pixels, wanted.pixels) << width << " x " << height << " " << name_of(filter);
    }
  }
}

TEST(Resize, RefusesSizesOutOfRange) {
  EXPECT_THROW(resize(pattern(2, 2), 0, 5, Filter::box), Error);
  EXPECT_THROW(resize(pattern(2, 2), 65500, 65500, Filter::box), Error);
  EXPECT_THROW(plan_axis({100'000'000, 224, 0, 224, Filter::bicubic}), Error);
}

TEST(Resize, KnowsItsFiltersByName) {
  for (const Filter filter : {Filter::nearest, Filter::box, Filter::bilinear, Filter::hamming, Filter::lanczos}) {
    EXPECT_EQ(filter_named(name_of(filter)), filter);
  }
  EXPECT_FALSE(filter_named("cubic"));
}

TEST(Crop, IsBlackOutsideOfThePicture) {
  const Image image{2, 1, {1, 2, 3, 4, 5, 6}};
  EXPECT_EQ(crop(image, 1, 0, 1, 1).pixels, (std::vector<std::uint8_t>{4, 5, 6}));
  EXPECT_EQ(crop(image, -1, -1, 2, 2).pixels, (std::vector<std::uint8_t>{0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3}));
  EXPECT_EQ(crop(image, 1, 0, 2, 1).pixels, (std::vector<std::uint8_t>{4, 5, 6, 0, 0, 0}));
  EXPECT_EQ(crop(image, 9, 9, 1, 1).pixels, (std::vector<std::uint8_t>{0, 0, 0}));
  EXPECT_THROW(crop(image, 0, 0, 0, 1), Error);
}

}  // namespace
}  // namespace enxerto
