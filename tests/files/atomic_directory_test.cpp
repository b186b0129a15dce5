#include <gtest/gtest.h>

#include "enxerto/files/atomic_write.h"
#include "enxerto/files/read.h"
#include "tests/files/scratch.h"
#include "tests/files/thrown.h"

namespace enxerto {
namespace {

void write_directory(const std::filesystem::path& path, std::string_view text, bool replace) {
  AtomicDirectory directory(path, replace);
  std::filesystem::create_directory(directory.temporary() / "sub");
  write_atomically(directory.temporary() / "sub" / "text", text);
  directory.commit();
}

TEST(AtomicDirectory, AppearsWholeAtCommit) {
  const Scratch scratch;
  AtomicDirectory directory(scratch / "model/", false);
  write_atomically(directory.temporary() / "text", "new");
  EXPECT_FALSE(std::filesystem::exists(scratch / "model"));
  directory.commit();
  EXPECT_EQ(read_text(scratch / "model/text", 100), "new");
  EXPECT_EQ(scratch.count(), 1U);
}

TEST(AtomicDirectory, LeavesNothingWithoutCommit) {
  const Scratch scratch;
  {
    write_atomically(AtomicDirectory(scratch / "model", false).temporary() / "text", "new");
  }
  EXPECT_EQ(scratch.count(), 0U);
}

TEST(AtomicDirectory, RefusesAnExistingDirectoryUnlessItMayReplaceIt) {
  const Scratch scratch;
  write_directory(scratch / "model", "old", false);
  expect_says(thrown_by([&] { AtomicDirectory(scratch / "model", false); }), ErrorKind::usage, "already exists");
  write_directory(scratch / "model", "new", true);
  EXPECT_EQ(read_text(scratch / "model/sub/text", 100), "new");
  EXPECT_EQ(scratch.count(), 1U);
}

TEST(AtomicDirectory, DoesNotReplaceWhatAppearedMeanwhile) {
  const Scratch scratch;
  AtomicDirectory directory(scratch / "model", false);
  write_directory(scratch / "model", "first", false);
  expect_says(thrown_by([&] { directory.commit(); }), ErrorKind::usage, "already exists");
  EXPECT_EQ(read_text(scratch / "model/sub/text", 100), "first");
}

TEST(AtomicDirectory, NeverReplacesAFile) {
  const Scratch scratch;
  write_atomically(scratch / "model", "a file");
  expect_says(thrown_by([&] { AtomicDirectory(scratch / "model", true); }), ErrorKind::usage, "is a file");
}

TEST(AtomicDirectory, MakesMissingParentsAndNamesThoseThatCannotBe) {
  const Scratch scratch;
  write_directory(scratch / "a/b/model", "new", false);
  EXPECT_EQ(read_text(scratch / "a/b/model/sub/text", 100), "new");
  expect_says(thrown_by([&] { AtomicDirectory("/proc/enxerto/model", false); }), ErrorKind::disk, "/proc/enxerto");
}

}  // namespace
}  // namespace enxerto
