#include "enxerto/features/cache.h"

#include <fmt/format.h>

#include "enxerto/features/table_file.h"
#include "pictures.h"

namespace enxerto {
namespace {

using testing::mean_colour;
using testing::PicturesWorkplace;
using testing::pixels;
using testing::write_file;
using testing::write_pictures;

std::shared_ptr<FeatureCache> open_cache(const PicturesWorkplace& place, std::uint64_t limit = 0) {
  return FeatureCache::open({.directory = place / "cache", .limit_bytes = limit});
}

Extracted run(const PicturesWorkplace& place, const FeatureSource& source) {
  return extract(*open_data(place / "data").all, source,
                 {.threads = 1, .batch = 4, .on_bad = OnBad::error, .cache = open_cache(place)});
}

/// Pictures, and two spaces of which that of the pixels was used an hour ago.
void fill(const PicturesWorkplace& place) {
  write_pictures(place / "data", 10);
  run(place, mean_colour());
  run(place, pixels());
  std::filesystem::last_write_time(place / "cache" / feature_space(pixels()).hex() / "in_use",
                                   std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
}

TEST(Cache, TellsItsSpacesLatestUsedFirst) {
  PicturesWorkplace place;
  fill(place);
  const auto status = open_cache(place)->status();
  ASSERT_EQ(status.size(), 2U);
  EXPECT_EQ(status[0].description, "mean colour");
  EXPECT_EQ(status[0].id, feature_space(mean_colour()).hex());
  EXPECT_EQ(status[1].rows, 10U);
  EXPECT_GT(status[1].bytes, 10 * 768U);
  EXPECT_GT(status[0].last_used, status[1].last_used + 3000);
}

TEST(Cache, TrimsTheLeastRecentlyUsedSpace) {
  PicturesWorkplace place;
  fill(place);
  const auto cache = open_cache(place);
  const auto status = cache->status();
  EXPECT_EQ(cache->trim(status[0].bytes + status[1].bytes), 0U);
  EXPECT_EQ(cache->trim(status[0].bytes + status[1].bytes - 1), status[1].bytes);
  EXPECT_EQ(cache->status().size(), 1U);
  EXPECT_EQ(run(place, mean_colour()).cached, 10U);
}

TEST(Cache, KeepsItsLimitWhenOpened) {
  PicturesWorkplace place;
  fill(place);
  EXPECT_EQ(open_cache(place, 1)->status().size(), 0U);
}

TEST(Cache, KeepsItsLimitAfterAnExtractionButForTheRowsThatItGave) {
  PicturesWorkplace place;
  write_pictures(place / "data", 10);
  const auto cache = open_cache(place, 1);
  run(place, mean_colour());
  EXPECT_EQ(cache->status().size(), 1U);
  extract(*open_data(place / "data").all, pixels(), {.threads = 1, .batch = 4, .on_bad = OnBad::error, .cache = cache});
  ASSERT_EQ(cache->status().size(), 1U);
  EXPECT_EQ(cache->status()[0].description, "pixels");
}

TEST(Cache, DoesNotDeleteASpaceThatIsUsed) {
  PicturesWorkplace place;
  fill(place);
  const auto cache = open_cache(place);
  {
    const Extracted used = run(place, pixels());
    EXPECT_GT(cache->trim(0), 0U);
    ASSERT_EQ(cache->status().size(), 1U);
    EXPECT_EQ(cache->status()[0].description, "pixels");
    EXPECT_NEAR(used.rows.row[9][128], 9, 1e-3);
  }
  EXPECT_GT(cache->clear(), 0U);
  EXPECT_EQ(cache->status().size(), 0U);
}

TEST(Cache, ClearsNothingThatIsNotItsOwn) {
  PicturesWorkplace place;
  fill(place);
  write_file(place / "cache/thesis/chapter1.tex", "dear");
  open_cache(place)->clear();
  EXPECT_TRUE(std::filesystem::exists(place / "cache/thesis/chapter1.tex"));
}

TEST(Cache, RemembersHashesAndNotes) {
  PicturesWorkplace place;
  const FileIdentity file{.path = "/a", .size = 1, .modified_ns = 2, .inode = 3, .device = 4};
  open_cache(place)->remember_hashes({{file, hash128("x")}});
  open_cache(place)->set_note("precision of\nnet", "bf16");
  open_cache(place)->set_note("empty", "");
  const auto cache = open_cache(place);
  EXPECT_EQ(cache->remembered_hash(file), hash128("x"));
  for (int field = 0; field < 5; ++field) {
    FileIdentity other = file;
    if (field == 0) other.path = "/b";
    if (field == 1) ++other.size;
    if (field == 2) ++other.modified_ns;
    if (field == 3) ++other.inode;
    if (field == 4) ++other.device;
    EXPECT_EQ(cache->remembered_hash(other), std::nullopt);
  }
  EXPECT_EQ(cache->note("precision of\nnet"), "bf16");
  EXPECT_EQ(cache->note("empty"), "");
  EXPECT_EQ(cache->note("other"), std::nullopt);
  cache->clear();
  EXPECT_EQ(cache->remembered_hash(file), std::nullopt);
}

TEST(Cache, AppendsToASegmentThatNobodyWrites) {
  PicturesWorkplace place;
  write_pictures(place / "data", 10);
  run(place, pixels());
  write_file(place / "data/b/new.bmp", testing::bitmap(99));
  const Extracted found = run(place, pixels());
  EXPECT_EQ(found.computed, 1U);
  EXPECT_FALSE(std::filesystem::exists(place / "cache" / feature_space(pixels()).hex() / "seg-1.bin"));
  EXPECT_NEAR(found.rows.row[10][128], 99, 1e-3);
}

TEST(TableFile, GrowsBeyondItsFirstMap) {
  PicturesWorkplace place;
  const auto file = TableFile::open(place / "t.lmdb", {.tables = {"t"}, .map_bytes = 1 << 20});
  EXPECT_EQ(TableFile::open(place / "t.lmdb", {.tables = {"t"}, .map_bytes = 1 << 20}), file);
  const std::string large(300 << 10, 'x');
  for (char key = '0'; key < '5'; ++key)
    file->write(
        [&](TableFile::Writer& t) { t.put(0, std::as_bytes(std::span(&key, 1)), std::as_bytes(std::span(large))); });
  const TableFile::Reader reader(file);
  EXPECT_EQ(reader.entries(0), 5U);
}

TEST(TableFile, KeepsNothingOfAFailedTransaction) {
  PicturesWorkplace place;
  const auto file = TableFile::open(place / "t.lmdb", {.tables = {"t"}});
  const char key = 'k';
  const auto change = [&](TableFile::Writer& t) {
    t.put(0, std::as_bytes(std::span(&key, 1)), std::as_bytes(std::span(&key, 1)));
    throw std::runtime_error("no");
  };
  EXPECT_THROW(file->write(change), std::runtime_error);
  EXPECT_EQ(TableFile::Reader(file).entries(0), 0U);
}

}  // namespace
}  // namespace enxerto
