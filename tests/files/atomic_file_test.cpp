#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>

#include "enxerto/files/atomic_write.h"
#include "enxerto/files/read.h"
#include "tests/files/scratch.h"
#include "tests/files/thrown.h"

namespace enxerto {
namespace {

/// Lowers the limit on file sizes, which write() meets as it meets a full disk: with an error in the middle.
class SmallFilesOnly {
 public:
  explicit SmallFilesOnly(rlim_t bytes) : handler_(::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &old_);
    rlimit low = old_;
    low.rlim_cur = bytes;
    ::setrlimit(RLIMIT_FSIZE, &low);
  }
  ~SmallFilesOnly() {
    ::setrlimit(RLIMIT_FSIZE, &old_);
    ::signal(SIGXFSZ, handler_);
  }
  SmallFilesOnly(const SmallFilesOnly&) = delete;
  SmallFilesOnly& operator=(const SmallFilesOnly&) = delete;

 private:
  sighandler_t handler_;
  rlimit old_{};
};

TEST(AtomicFile, WritesWhatItWasGiven) {
  const Scratch scratch;
  const std::string large(200'000, 'x');
  AtomicFile file(scratch / "a.txt");
  file.write("begin ");
  file.write(large);
  file.write(" end");
  file.commit();
  EXPECT_EQ(read_text(scratch / "a.txt", 1 << 20), "begin " + large + " end");
  EXPECT_EQ(scratch.count(), 1U);
}

TEST(AtomicFile, ShowsNothingBeforeCommitAndLeavesNothingWithoutIt) {
  const Scratch scratch;
  write_atomically(scratch / "a.txt", "old");
  {
    AtomicFile file(scratch / "a.txt");
    file.write("new");
    EXPECT_EQ(read_text(scratch / "a.txt", 100), "old");
  }
  EXPECT_EQ(read_text(scratch / "a.txt", 100), "old");
  EXPECT_EQ(scratch.count(), 1U);
}

TEST(AtomicFile, LeavesTheOldFileWhereItIsKilledBeforeTheRename) {
  const Scratch scratch;
  write_atomically(scratch / "a.txt", "old");
  const pid_t child = ::fork();
  if (child == 0) {
    AtomicFile file(scratch / "a.txt");
    file.write(std::string(100'000, 'n'));
    ::kill(::getpid(), SIGKILL);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(read_text(scratch / "a.txt", 100), "old");
  write_atomically(scratch / "a.txt", "new");
  EXPECT_EQ(read_text(scratch / "a.txt", 100), "new");
}

TEST(AtomicFile, ReportsAFullDiskAndLeavesTheOldFileAndNoLitter) {
  const Scratch scratch;
  write_atomically(scratch / "a.txt", "old");
  const Error error = [&] {
    const SmallFilesOnly limit(1000);
    return thrown_by([&] { write_atomically(scratch / "a.txt", std::string(100'000, 'n')); });
  }();
  expect_says(error, ErrorKind::disk, "a.txt: cannot be written");
  EXPECT_EQ(read_text(scratch / "a.txt", 100), "old");
  EXPECT_EQ(scratch.count(), 1U);
}

TEST(AtomicFile, NamesTheFileWhereItsDirectoryTakesNoFiles) {
  const Scratch scratch;
  write_atomically(scratch / "file", "");
  expect_says(thrown_by([&] { AtomicFile(scratch / "file/inside"); }), ErrorKind::disk, "inside: cannot be created");
  expect_says(thrown_by([&] { AtomicFile(scratch / "missing/inside"); }), ErrorKind::disk, "make the folder first");
  expect_says(thrown_by([&] { AtomicFile("/proc/enxerto.txt"); }), ErrorKind::disk,
              "/proc/enxerto.txt: cannot be created");
  expect_says(thrown_by([&] { AtomicFile(scratch.path()); }), ErrorKind::disk, "is a directory");
}

TEST(AtomicFile, KeepsPermissionsAndSymbolicLinks) {
  const Scratch scratch;
  write_atomically(scratch / "target", "old");
  std::filesystem::permissions(scratch / "target", std::filesystem::perms::owner_all);
  std::filesystem::create_symlink("target", scratch / "link");
  write_atomically(scratch / "link", "new");
  EXPECT_TRUE(std::filesystem::is_symlink(scratch / "link"));
  EXPECT_EQ(read_text(scratch / "target", 100), "new");
  EXPECT_EQ(std::filesystem::status(scratch / "target").permissions(), std::filesystem::perms::owner_all);
}

}  // namespace
}  // namespace enxerto
