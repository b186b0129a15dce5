#include "enxerto/features/extract.h"

#include "pictures.h"

namespace enxerto {
namespace {

using testing::kind_of_error;
using testing::mean_colour;
using testing::PicturesWorkplace;
using testing::pixels;
using testing::Watcher;
using testing::write_file;
using testing::write_pictures;

ExtractOptions with_cache(const PicturesWorkplace& place) {
  return {
      .threads = 2, .batch = 4, .on_bad = OnBad::error, .cache = FeatureCache::open({.directory = place / "cache"})};
}

/// bitmap(n) is blue n % 256, green n / 256, red 0.
void expect_mean_colours(const Extracted& found) {
  for (std::size_t i = 0; i < found.rows.size(); ++i) {
    EXPECT_NEAR(found.rows.row[i][0], 0, 1e-3);
    EXPECT_NEAR(found.rows.row[i][1], static_cast<double>(found.positions[i] / 256), 1e-3);
    EXPECT_NEAR(found.rows.row[i][2], static_cast<double>(found.positions[i] % 256), 1e-3);
  }
}

TEST(Extract, GivesOneRowAPictureInTheOrderOfTheDataSet) {
  PicturesWorkplace place;
  write_pictures(place / "data", 301);
  const Extracted found = extract(*open_data(place / "data").all, mean_colour(), with_cache(place));
  ASSERT_EQ(found.rows.size(), 301U);
  EXPECT_EQ(found.row_shape, (Shape{3}));
  EXPECT_EQ(found.rows.width, 3U);
  EXPECT_EQ(found.computed, 301U);
  EXPECT_EQ(found.cached, 0U);
  EXPECT_EQ(found.positions[300], 300U);
  EXPECT_EQ(found.contents[7], hash128(testing::bitmap(7)));
  expect_mean_colours(found);
}

TEST(Extract, ComputesNothingTheSecondTime) {
  PicturesWorkplace place;
  write_pictures(place / "data", 50);
  const DatasetPtr data = open_data(place / "data").all;
  extract(*data, mean_colour(), with_cache(place));
  const Extracted found = extract(*data, mean_colour(), with_cache(place));
  EXPECT_EQ(found.computed, 0U);
  EXPECT_EQ(found.cached, 50U);
  expect_mean_colours(found);
}

TEST(Extract, ComputesOneRowWhereOnePictureIsAddedAndMoved) {
  PicturesWorkplace place;
  write_pictures(place / "data", 20);
  extract(*open_data(place / "data").all, mean_colour(), with_cache(place));
  std::filesystem::rename(place / "data/a/100000.bmp", place / "data/b/renamed.bmp");
  write_file(place / "data/b/new.bmp", testing::bitmap(999));
  const Extracted found = extract(*open_data(place / "data").all, mean_colour(), with_cache(place));
  EXPECT_EQ(found.computed, 1U);
  EXPECT_EQ(found.cached, 20U);
}

TEST(Extract, KeepsRowsInATemporaryFileWithoutACache) {
  PicturesWorkplace place;
  write_pictures(place / "data", 30);
  const DatasetPtr data = open_data(place / "data").all;
  const ExtractOptions options{.threads = 2, .batch = 0, .on_bad = OnBad::error, .cache = nullptr};
  for (int i = 0; i < 2; ++i) {
    const Extracted found = extract(*data, mean_colour(), options);
    EXPECT_EQ(found.computed, 30U);
    expect_mean_colours(found);
  }
}

TEST(Extract, TakesPixelsAsTheyAreWhereThereIsNoPrefix) {
  PicturesWorkplace place;
  write_pictures(place / "data", 10);
  const Extracted found = extract(*open_data(place / "data").all, pixels(), with_cache(place));
  EXPECT_EQ(found.row_shape, (Shape{3, 8, 8}));
  ASSERT_EQ(found.rows.size(), 10U);
  EXPECT_NEAR(found.rows.row[9][2 * 64 + 63], 9, 1e-3);
}

TEST(Extract, ComputesEqualPicturesOnce) {
  PicturesWorkplace place;
  for (const char* name : {"a/1.bmp", "a/2.bmp", "b/3.bmp"}) write_file(place / "data" / name, testing::bitmap(5));
  write_file(place / "data/b/4.bmp", testing::bitmap(6));
  const Extracted found = extract(*open_data(place / "data").all, mean_colour(), with_cache(place));
  EXPECT_EQ(found.computed, 2U);
  ASSERT_EQ(found.rows.size(), 4U);
  EXPECT_EQ(found.rows.row[0], found.rows.row[2]);
  EXPECT_NE(found.rows.row[0], found.rows.row[3]);
}

TEST(Extract, DoesNotLetARowDependOnItsBatch) {
  PicturesWorkplace place;
  write_pictures(place / "data", 9);
  const DatasetPtr data = open_data(place / "data").all;
  const ExtractOptions options{.threads = 1, .batch = 4, .on_bad = OnBad::error, .cache = nullptr};
  const Extracted all = extract(*data, mean_colour(), options);
  const Extracted last = extract(*subset(data, {8}), mean_colour(), options);
  EXPECT_TRUE(std::equal(last.rows.row[0], last.rows.row[0] + 3, all.rows.row[8]));
}

TEST(Extract, HasNothingToDoForNoPictures) {
  PicturesWorkplace place;
  write_pictures(place / "data", 4);
  const Extracted found = extract(*take(open_data(place / "data").all, 0), mean_colour(), with_cache(place));
  EXPECT_EQ(found.rows.size(), 0U);
  EXPECT_EQ(found.row_shape, (Shape{3}));
}

TEST(Extract, NamesABadPicture) {
  PicturesWorkplace place;
  write_pictures(place / "data", 20);
  write_file(place / "data/b/broken.jpg", "garbage");
  std::string text;
  const DatasetPtr data = open_data(place / "data").all;
  EXPECT_EQ(kind_of_error([&] { extract(*data, mean_colour(), with_cache(place)); }, &text), ErrorKind::data);
  EXPECT_NE(text.find("b/broken.jpg"), std::string::npos) << text;
}

TEST(Extract, SkipsBadPicturesAndListsThem) {
  PicturesWorkplace place;
  write_pictures(place / "data", 20);
  for (const char* name : {"a/broken.jpg", "b/broken.jpg", "b/empty.png"})
    write_file(place / "data" / name, name[2] == 'e' ? "" : "garbage");
  const DatasetPtr data = open_data(place / "data").all;
  std::filesystem::remove(place / "data/a/100003.bmp");
  ExtractOptions options = with_cache(place);
  options.on_bad = OnBad::skip;
  const Extracted found = extract(*data, mean_colour(), options);
  ASSERT_EQ(found.skipped.size(), 4U);
  EXPECT_EQ(found.skipped[0].id, "a/100003.bmp");
  EXPECT_EQ(found.skipped[1].id, "a/broken.jpg");
  EXPECT_EQ(found.skipped[3].id, "b/empty.png");
  for (const BadExample& bad : found.skipped) EXPECT_FALSE(bad.reason.empty());
  EXPECT_EQ(found.rows.size(), 19U);
  EXPECT_EQ(found.positions[3], 4U);
}

TEST(Extract, StopsWhenCancelledAndKeepsWhatIsDone) {
  PicturesWorkplace place;
  write_pictures(place / "data", 400);
  const DatasetPtr data = open_data(place / "data").all;
  Watcher watcher;
  watcher.stop_after = 100;
  EXPECT_EQ(kind_of_error([&] { extract(*data, mean_colour(), with_cache(place), watcher); }), ErrorKind::interrupted);
  const Extracted found = extract(*data, mean_colour(), with_cache(place));
  EXPECT_GE(found.cached, 100U);
  EXPECT_LT(found.cached, 120U);
  EXPECT_EQ(found.cached + found.computed, 400U);
  expect_mean_colours(found);
}

TEST(ContentHashes, AreThoseOfTheRowsAndNameWhatCannotBeRead) {
  PicturesWorkplace place;
  write_pictures(place / "data", 12);
  const DatasetPtr data = open_data(place / "data").all;
  const Extracted found = extract(*data, mean_colour(), with_cache(place));
  std::vector<BadExample> bad;
  EXPECT_EQ(content_hashes(*data, with_cache(place), bad), found.contents);
  std::filesystem::remove(place / "data/a/100000.bmp");
  EXPECT_EQ(kind_of_error([&] { content_hashes(*data, with_cache(place), bad); }), ErrorKind::data);
  ExtractOptions options = with_cache(place);
  options.on_bad = OnBad::skip;
  EXPECT_EQ(content_hashes(*data, options, bad)[0], Hash128{});
  ASSERT_EQ(bad.size(), 1U);
  EXPECT_EQ(bad[0].id, "a/100000.bmp");
}

TEST(ContentHashes, FollowAFileThatChanges) {
  PicturesWorkplace place;
  write_pictures(place / "data", 4);
  const DatasetPtr data = open_data(place / "data").all;
  std::vector<BadExample> bad;
  const auto before = content_hashes(*data, with_cache(place), bad);
  write_file(place / "data/a/100000.bmp", testing::bitmap(77));
  EXPECT_EQ(content_hashes(*data, with_cache(place), bad)[0], hash128(testing::bitmap(77)));
}

TEST(FeatureSpace, DependsOnEverythingThatARowDependsOn) {
  const FeatureSource source = mean_colour();
  FeatureSource other = source;
  other.description = "another name";
  EXPECT_EQ(feature_space(source), feature_space(other));
  other.preprocessor = patched(*source.preprocessor, {{"filter", "lanczos"}}, "other");
  EXPECT_NE(feature_space(source), feature_space(other));
  other = source;
  other.precision = Precision::bf16;
  EXPECT_NE(feature_space(source), feature_space(other));
  EXPECT_NE(feature_space(source), feature_space(pixels()));
}

}  // namespace
}  // namespace enxerto
