#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>

#include "enxerto/base/error.h"
#include "enxerto/features/table_file.h"
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

std::shared_ptr<FeatureCache> open_cache(const PicturesWorkplace& place) {
  return FeatureCache::open({.directory = place / "cache"});
}

ExtractOptions with_cache(const PicturesWorkplace& place) {
  return {.threads = 2, .batch = 4, .on_bad = OnBad::error, .cache = open_cache(place)};
}

/// This program as a second process (see main.cpp); `output` gets what it prints.
pid_t start_extraction(const PicturesWorkplace& place, const char* rows, int* output) {
  int ends[2];
  EXPECT_EQ(pipe2(ends, O_CLOEXEC), 0);
  const std::string data = place / "data", cache = place / "cache";
  const pid_t child = fork();
  if (child == 0) {
    dup2(ends[1], STDOUT_FILENO);
    execl("/proc/self/exe", "test_features", "--extract", data.c_str(), cache.c_str(), rows, nullptr);
    _exit(127);
  }
  close(ends[1]);
  if (output != nullptr)
    *output = ends[0];
  else
    close(ends[0]);
  return child;
}

int exit_status(pid_t child) {
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  return status;
}

std::filesystem::path space_of(const PicturesWorkplace& place, const FeatureSource& source) {
  return place / "cache" / feature_space(source).hex();
}

/// Changes one bit in the middle of a file.
void damage(const std::filesystem::path& path, std::streamoff at) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(at);
  const int byte = file.get();
  ASSERT_TRUE(file.good());
  file.seekp(at);
  file.put(static_cast<char>(byte ^ 4));
}

TEST(Faults, AKilledExtractionGoesOnWhereItStopped) {
  PicturesWorkplace place;
  write_pictures(place / "data", 150);
  int output = -1;
  const pid_t child = start_extraction(place, "100", &output);
  char first = 0;
  ASSERT_EQ(read(output, &first, 1), 1);
  // The index follows on a thread of its own; it has the child's whole life for it.
  std::uint64_t rows = 0;
  for (int i = 0; i < 1000 && rows < 100; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    const auto status = open_cache(place)->status();
    rows = status.empty() ? 0 : status[0].rows;
  }
  EXPECT_EQ(rows, 100U);
  kill(child, SIGKILL);
  EXPECT_TRUE(WIFSIGNALED(exit_status(child)));
  close(output);
  const Extracted found = extract(*open_data(place / "data").all, mean_colour(), with_cache(place));
  EXPECT_EQ(found.cached, 100U);
  EXPECT_EQ(found.computed, 50U);
  for (std::size_t i = 0; i < 150; ++i) EXPECT_NEAR(found.rows.row[i][2], static_cast<double>(i), 1e-3);
}

TEST(Faults, TwoProcessesShareACache) {
  PicturesWorkplace place;
  write_pictures(place / "data", 200);
  const pid_t one = start_extraction(place, "0", nullptr), two = start_extraction(place, "0", nullptr);
  EXPECT_EQ(exit_status(one), 0);
  EXPECT_EQ(exit_status(two), 0);
  const Extracted found = extract(*open_data(place / "data").all, mean_colour(), with_cache(place));
  EXPECT_EQ(found.computed, 0U);
  for (std::size_t i = 0; i < 200; ++i) EXPECT_NEAR(found.rows.row[i][2], static_cast<double>(i), 1e-3);
}

TEST(Faults, ADamagedRowIsComputedAgainAndSaidSo) {
  PicturesWorkplace place;
  write_pictures(place / "data", 40);
  const DatasetPtr data = open_data(place / "data").all;
  extract(*data, pixels(), with_cache(place));
  damage(space_of(place, pixels()) / "seg-0.bin", 768 * 17 + 100);
  for (const std::size_t repaired : {1U, 0U}) {
    Watcher watcher;
    const Extracted found = extract(*data, pixels(), with_cache(place), watcher);
    EXPECT_EQ(found.repaired, repaired);
    EXPECT_EQ(found.computed, repaired);
    EXPECT_EQ(watcher.notices.find("recomputed 1 damaged row") != std::string::npos, repaired == 1);
    for (std::size_t i = 0; i < 40; ++i) EXPECT_NEAR(found.rows.row[i][128], static_cast<double>(i), 1e-3);
  }
}

TEST(Faults, ASegmentThatIsCutShortIsComputedAgain) {
  PicturesWorkplace place;
  write_pictures(place / "data", 40);
  const DatasetPtr data = open_data(place / "data").all;
  extract(*data, pixels(), with_cache(place));
  std::filesystem::resize_file(space_of(place, pixels()) / "seg-0.bin", 768 * 30 + 5);
  const Extracted found = extract(*data, pixels(), with_cache(place));
  EXPECT_EQ(found.repaired, 10U);
  EXPECT_EQ(found.cached, 30U);
  std::filesystem::remove(space_of(place, pixels()) / "seg-0.bin");
}

void damage_all_indexes(const PicturesWorkplace& place) {
  for (const auto& file : {space_of(place, pixels()) / "index.lmdb", place / "cache/memo.lmdb"})
    write_file(file, std::string(16384, 'x'));
}

TEST(Faults, ADamagedIndexIsMadeAnew) {
  PicturesWorkplace place;
  write_pictures(place / "data", 10);
  const DatasetPtr data = open_data(place / "data").all;
  extract(*data, pixels(), with_cache(place));
  damage_all_indexes(place);
  EXPECT_EQ(open_cache(place)->status().at(0).description, "pixels (damaged)");
  EXPECT_EQ(extract(*data, pixels(), with_cache(place)).computed, 10U);
  EXPECT_EQ(extract(*data, pixels(), with_cache(place)).cached, 10U);
}

TEST(Faults, WhatIsRememberedIsBegunAnewWhereAPageOfItIsDamaged) {
  constexpr std::uintmax_t kPage = 4096, kTablesBegin = 2 * kPage;
  PicturesWorkplace place;
  write_pictures(place / "data", 10);
  const DatasetPtr data = open_data(place / "data").all;
  extract(*data, pixels(), with_cache(place));
  const std::filesystem::path memo = place / "cache/memo.lmdb", kept = place / "memo.kept";
  std::filesystem::copy_file(memo, kept);
  for (std::uintmax_t page = kTablesBegin; page < std::filesystem::file_size(kept); page += kPage) {
    std::filesystem::copy_file(kept, memo, std::filesystem::copy_options::overwrite_existing);
    {
      std::fstream file(memo, std::ios::in | std::ios::out | std::ios::binary);
      file.seekp(static_cast<std::streamoff>(page)).write(std::string(512, '\0').data(), 512);
    }
    EXPECT_EQ(extract(*data, pixels(), with_cache(place)).cached, 10U) << page;
    EXPECT_EQ(extract(*data, pixels(), with_cache(place)).cached, 10U) << page;
  }
}

TEST(Faults, ACacheIsClearedWithoutReadingWhatIsDamagedInIt) {
  PicturesWorkplace place;
  write_pictures(place / "data", 10);
  const DatasetPtr data = open_data(place / "data").all;
  extract(*data, pixels(), with_cache(place));
  damage_all_indexes(place);
  const std::filesystem::path half_deleted = place / "cache" / ("deleted-" + std::string(32, 'a'));
  std::filesystem::create_directory(half_deleted);
  EXPECT_GT(FeatureCache::clear_folder(place / "cache"), 16384U);
  EXPECT_FALSE(std::filesystem::exists(half_deleted));
  EXPECT_TRUE(open_cache(place)->status().empty());
}

/// The cache of a run as another process would cut it: to nothing, and in the middle of its pages.
TEST(Faults, AnIndexThatIsCutShortWhileItIsUsedIsAnErrorThatNamesIt) {
  for (const std::uintmax_t left : {std::uintmax_t{0}, std::uintmax_t{8192}}) {
    PicturesWorkplace place;
    write_pictures(place / "data", 10);
    const DatasetPtr data = open_data(place / "data").all;
    const auto index = space_of(place, pixels()) / "index.lmdb";
    {
      const ExtractOptions options = with_cache(place);
      extract(*data, pixels(), options);
      const auto kept = TableFile::open(index, {.tables = {"rows"}});
      std::filesystem::resize_file(index, left);
      try {
        for (int i = 0; i < 2; ++i) (void)extract(*data, pixels(), options);
        ADD_FAILURE() << "rows of an index of " << left << " bytes";
      } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::disk);
        EXPECT_EQ(error.text().where, index.string());
      }
    }
    EXPECT_EQ(extract(*data, pixels(), with_cache(place)).computed, 10U) << "the next run mends it";
    EXPECT_EQ(extract(*data, pixels(), with_cache(place)).cached, 10U);
  }
}

TEST(Faults, AnIndexThatWasCutShortIsMadeAnew) {
  for (const std::uintmax_t left : {std::uintmax_t{0}, std::uintmax_t{4096}, std::uintmax_t{8192}}) {
    PicturesWorkplace place;
    write_pictures(place / "data", 10);
    const DatasetPtr data = open_data(place / "data").all;
    extract(*data, pixels(), with_cache(place));
    for (const auto& file : {space_of(place, pixels()) / "index.lmdb", place / "cache/memo.lmdb"})
      std::filesystem::resize_file(file, left);
    EXPECT_EQ(extract(*data, pixels(), with_cache(place)).computed, 10U) << left;
    EXPECT_EQ(extract(*data, pixels(), with_cache(place)).cached, 10U);
  }
}

/// Files of this process may not grow beyond `bytes` as long as it lives: a full disk that needs no disk.
class FileLimit {
 public:
  explicit FileLimit(rlim_t bytes) : signal_(signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileLimit() {
    setrlimit(RLIMIT_FSIZE, &before_);
    signal(SIGXFSZ, signal_);
  }

 private:
  rlimit before_{};
  sighandler_t signal_;
};

TEST(Faults, AFullDiskIsAnErrorAndTheCacheStaysUsable) {
  PicturesWorkplace place;
  write_pictures(place / "data", 600);
  const DatasetPtr data = open_data(place / "data").all;
  {
    const FileLimit limit(256 << 10);
    EXPECT_EQ(kind_of_error([&] { extract(*data, pixels(), with_cache(place)); }), ErrorKind::disk);
    const ExtractOptions uncached{.threads = 2, .batch = 4, .on_bad = OnBad::error, .cache = nullptr};
    EXPECT_EQ(kind_of_error([&] { extract(*data, pixels(), uncached); }), ErrorKind::disk);
  }
  const Extracted found = extract(*data, pixels(), with_cache(place));
  EXPECT_GT(found.cached, 200U);
  EXPECT_EQ(found.cached + found.computed, 600U);
}

TEST(Faults, ACacheThatCannotBeMadeIsADiskError) {
  PicturesWorkplace place;
  write_file(place / "file", "x");
  for (const std::filesystem::path& path : {place / "file/cache", std::filesystem::path("/proc/enxerto")})
    EXPECT_EQ(kind_of_error([&] { FeatureCache::open({.directory = path}); }), ErrorKind::disk);
}

TEST(Faults, AFlippedBitInTheVersionIsMendedWithANotice) {
  PicturesWorkplace place;
  write_pictures(place / "data", 4);
  const DatasetPtr data = open_data(place / "data").all;
  (void)extract(*data, pixels(), with_cache(place));
  write_file(place / "cache/VERSION", "enxerto fea\x34ure cache 1\n");
  const auto cache = open_cache(place);
  ASSERT_EQ(cache->take_repairs().size(), 1U);
  EXPECT_TRUE(cache->take_repairs().empty());
  EXPECT_EQ(extract(*data, pixels(), with_cache(place)).cached, 4U);
}

TEST(Faults, ADamagedNumberInTheVersionIsNotTakenForAnotherVersion) {
  PicturesWorkplace place;
  (void)open_cache(place);
  write_file(place / "cache/VERSION", "enxerto feature cache 3\n");
  EXPECT_EQ(open_cache(place)->take_repairs().size(), 1U);
  EXPECT_TRUE(open_cache(place)->take_repairs().empty());
}

TEST(Faults, ACacheOfAnotherVersionIsLeftAlone) {
  PicturesWorkplace place;
  write_file(place / "cache/VERSION", "enxerto feature cache 99\n");
  EXPECT_EQ(kind_of_error([&] { open_cache(place); }), ErrorKind::disk);
  EXPECT_FALSE(std::filesystem::exists(place / "cache/memo.lmdb"));
}

}  // namespace
}  // namespace enxerto
