#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "enxerto/bundle/bundle.h"
#include "tests/bundle/tiny_bundle.h"

namespace enxerto {
namespace {

namespace fs = std::filesystem;
using testing::color_bundle;
using testing::TemporaryDirectory;

/// Writes `bundle` over what is at `path` in a child whose files may not grow beyond `limit` bytes; its exit code is
/// the error's, or 0.
int write_with_limit(const Bundle& bundle, const fs::path& path, rlim_t limit) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit bound{limit, limit};
    ::setrlimit(RLIMIT_FSIZE, &bound);
    try {
      write_bundle(bundle, path, true);
    } catch (const Error& error) {
      ::_exit(error.exit_code());
    } catch (...) {
      ::_exit(99);
    }
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(FullDisk, LeavesTheOldModelWholeAndNothingElse) {
  const TemporaryDirectory place;
  write_bundle(color_bundle(), place.path() / "model", false);
  Bundle larger = color_bundle();
  larger.labels = {"cyan", "magenta", "yellow"};
  larger.report_html = std::string(100'000, 'x');
  for (const rlim_t limit : {rlim_t{0}, rlim_t{500}, rlim_t{50'000}}) {
    EXPECT_EQ(write_with_limit(larger, place.path() / "model", limit), static_cast<int>(ErrorKind::disk)) << limit;
    EXPECT_EQ(read_bundle(place.path() / "model").labels[0], "red");
    EXPECT_EQ(std::distance(fs::directory_iterator(place.path()), fs::directory_iterator()), 1);
  }
  EXPECT_EQ(write_with_limit(larger, place.path() / "model", 200'000), 0);
  EXPECT_EQ(read_bundle(place.path() / "model").labels[0], "cyan");
}

TEST(FullDisk, APathThatCannotBeWrittenIsADiskError) {
  try {
    write_bundle(color_bundle(), "/proc/enxerto-model", false);
    FAIL() << "wrote below /proc";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::disk);
  }
}

}  // namespace
}  // namespace enxerto
