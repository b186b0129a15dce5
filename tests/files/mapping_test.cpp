#include "enxerto/files/mapping.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "enxerto/files/atomic_write.h"
#include "enxerto/files/read.h"
#include "tests/files/scratch.h"
#include "tests/files/thrown.h"

namespace enxerto {
namespace {

constexpr std::size_t kPage = 4096;

class MappingTest : public ::testing::Test {
 protected:
  MappingTest() : path_(scratch_ / "weights.bin") {
    std::ofstream(path_, std::ios::binary) << std::string(4 * kPage, '\7');
  }

  void truncate_to(std::size_t size) const { ASSERT_EQ(::truncate(path_.c_str(), static_cast<off_t>(size)), 0); }

  Scratch scratch_;
  std::filesystem::path path_;
};

TEST_F(MappingTest, OfAFileThatBecameShorterIsAnErrorThatNamesIt) {
  for (const std::size_t left : {std::size_t{0}, kPage, 3 * kPage}) {
    std::ofstream(path_, std::ios::binary) << std::string(4 * kPage, '\7');
    const MappedFile file(path_, ErrorKind::weights);
    truncate_to(left);
    EXPECT_TRUE(std::ranges::all_of(file.bytes().first(left), [](std::byte b) { return b == std::byte{7}; }));
    EXPECT_NO_THROW(throw_if_a_file_shrank()) << "what is there was read only";
    EXPECT_TRUE(std::ranges::all_of(file.bytes().subspan(left), [](std::byte b) { return b == std::byte{0}; }));
    for (int time = 0; time < 2; ++time) {
      const Error error = thrown_by([] { throw_if_a_file_shrank(); });
      EXPECT_EQ(error.kind(), ErrorKind::weights);
      EXPECT_EQ(error.text().where, path_.string());
    }
  }
}

TEST_F(MappingTest, IsToldOnceOfAFileThatIsNoLongerMapped) {
  {
    const MappedFile file(path_, ErrorKind::data);
    truncate_to(kPage);
    touch(file.bytes());
  }
  EXPECT_EQ(thrown_by([] { throw_if_a_file_shrank(); }).kind(), ErrorKind::data);
  EXPECT_NO_THROW(throw_if_a_file_shrank());
}

TEST_F(MappingTest, IsReadFromManyThreads) {
  std::optional<MappedFile> file(std::in_place, path_, ErrorKind::weights);
  truncate_to(kPage);
  {
    std::vector<std::jthread> readers;
    for (int i = 0; i < 4; ++i) readers.emplace_back([&] { touch(file->bytes()); });
  }
  EXPECT_THROW(throw_if_a_file_shrank(), Error);
  file.reset();
  EXPECT_NO_THROW(throw_if_a_file_shrank()) << "it was told";
}

TEST_F(MappingTest, LeavesNothingOnTheDiskThatWasMadeOfAShorterFile) {
  std::optional<MappedFile> file(std::in_place, path_, ErrorKind::weights);
  truncate_to(kPage);
  AtomicFile copy(scratch_ / "copy");
  const Error error = thrown_by([&] {
    copy.write(file->bytes());
    copy.commit();
  });
  EXPECT_EQ(error.kind(), ErrorKind::weights);
  EXPECT_EQ(error.text().where, path_.string());
  EXPECT_FALSE(std::filesystem::exists(scratch_ / "copy"));
}

TEST_F(MappingTest, LeavesFaultsThatAreNotItsOwnToOthers) {
  const MappedFile ours(path_, ErrorKind::weights);
  const auto theirs = scratch_ / "theirs";
  std::ofstream(theirs) << std::string(kPage, 'x');
  const auto fault = [&] {
    const int descriptor = ::open(theirs.c_str(), O_RDONLY);
    const void* map = ::mmap(nullptr, kPage, PROT_READ, MAP_PRIVATE, descriptor, 0);
    (void)::truncate(theirs.c_str(), 0);
    touch({static_cast<const std::byte*>(map), kPage});
  };
#ifdef __SANITIZE_ADDRESS__
  EXPECT_DEATH(fault(), "AddressSanitizer: BUS");  // it was there before us, and ends the process itself
#elif defined(__SANITIZE_THREAD__)
  EXPECT_DEATH(fault(), "ThreadSanitizer: BUS");
#else
  EXPECT_EXIT(fault(), ::testing::KilledBySignal(SIGBUS), "");
#endif
}

}  // namespace
}  // namespace enxerto
