#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <string>

#include "enxerto/files/atomic_write.h"
#include "enxerto/files/read.h"
#include "enxerto/weights/hdf5/read_hdf5.h"
#include "enxerto/weights/hdf5/reader_path.h"
#include "tests/files/scratch.h"
#include "tests/files/thrown.h"

namespace enxerto {
namespace {

std::filesystem::path golden(const std::string& name) {
  return std::filesystem::path(ENXERTO_TEST_DATA) / "weights/keras" / name;
}

Hdf5Group read(const std::string& name, const Hdf5Limits& limits) {
  const std::filesystem::path path = golden(name);
  const MappedFile file(path);
  const std::string where = path.string();
  const FileSource source{.bytes = file.bytes(), .owner = file.share(0), .where = where, .path = path};
  return read_hdf5(source, {.bytes = source.bytes, .owner = source.owner}, limits);
}

/// A program that takes the place of enxerto-hdf5.
class Instead {
 public:
  explicit Instead(const std::string& commands) {
    write_atomically(path(), "#!/bin/sh\n" + commands + "\n");
    std::filesystem::permissions(path(), std::filesystem::perms::owner_all);
  }
  std::filesystem::path path() const { return scratch_ / "enxerto-hdf5"; }

 private:
  Scratch scratch_;
};

Error failure_of(const std::string& commands, std::chrono::milliseconds wall = std::chrono::seconds(20)) {
  const Instead helper(commands);
  return thrown_by([&] { read("network.h5", {.wall = wall, .helper = helper.path()}); });
}

TEST(Hdf5Helper, ACrashOrALimitInItIsAnErrorOfTheFile) {
  const std::pair<const char*, const char*> kCases[] = {
      {"kill -SEGV $$", "makes the HDF5 library crash (signal 11)"},
      {"kill -ABRT $$", "makes the HDF5 library crash (signal 6)"},
      {"kill -SYS $$", "makes the HDF5 library use a system call that reading does not need"},
      {"kill -XCPU $$", "was not read within 60 s of processor time"},
      {"exit 4", "has a compressed data set that cannot be decompressed"},
      {"exit 5", "MB to be read"},
      {"exit 3", "cannot confine itself on this system"},
      {"exit 127", "exit code 127"},
      {"exit 0", "got an incomplete answer"},
  };
  for (const auto& [commands, says] : kCases) {
    const Error error = failure_of(commands);
    expect_says(error, ErrorKind::weights, "network.h5: ");
    expect_says(error, ErrorKind::weights, says);
    EXPECT_FALSE(error.text().tip.empty()) << commands;
  }
}

TEST(Hdf5Helper, IsEndedWhereItTakesTooLong) {
  const auto start = std::chrono::steady_clock::now();
  expect_says(failure_of("exec /bin/sleep 30", std::chrono::milliseconds(50)), ErrorKind::weights,
              "was not read within 50 ms");
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
}

TEST(Hdf5Helper, IsNotBelieved) {
  const std::pair<const char*, const char*> kCases[] = {
      {"while :; do printf 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'; done", "does not begin as one"},
      {R"(printf 'enxh5\r\n\001\001\0\0\0\0\0\0\0\377\377\377\377\377\377\0\0\0\0\0\0\0\0\0\0\0')", "announces"},
      {R"(printf 'enxh5\r\n\001\007\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0')", "is of kind 7"},
      {R"(printf 'enxh5\r\n\001\001\0\0\0\0\0\0\0\010\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0')", "got an incomplete answer"},
  };
  for (const auto& [commands, says] : kCases) expect_says(failure_of(commands), ErrorKind::weights, says);
}

TEST(Hdf5Helper, HasNothingOpenButItsFileAndNoEnvironment) {
  setenv("ENXERTO_TEST_SECRET", "1", 1);
  const Error error = failure_of(
      "[ -z \"$ENXERTO_TEST_SECRET\" ] || exit 90\n"
      "[ -e /proc/self/fd/3 ] || exit 91\n"
      "for number in 4 5 6 7 8 9; do [ ! -e /proc/$$/fd/$number ] || exit 92; done\n"
      "exit 93");
  unsetenv("ENXERTO_TEST_SECRET");
  expect_says(error, ErrorKind::weights, "exit code 93");
}

TEST(Hdf5Helper, MayNotUnpackMoreThanItIsAllowed) {
  const Error error = thrown_by([] { read("zeros.h5", {.unpacked_bytes = 1 << 16}); });
  expect_says(error, ErrorKind::weights, "would unpack to more than 65536 bytes, at 'layers/dense/vars/0'");
  EXPECT_EQ(read("zeros.h5", {.unpacked_bytes = 1 << 21}).tensor("layers/dense/vars/0")->size(), std::size_t{1} << 18);
}

TEST(Hdf5Helper, LeavesBytesWhereTheyLieInTheFile) {
  const std::filesystem::path path = golden("network.h5");
  const MappedFile file(path);
  const std::string where = path.string();
  const FileSource source{.bytes = file.bytes(), .owner = file.share(0), .where = where, .path = path};
  const Hdf5Group root = read_hdf5(source, {.bytes = source.bytes, .owner = source.owner});
  const Tensor* const kernel = root.tensor("model_weights/head/head/kernel");
  ASSERT_NE(kernel, nullptr);
  EXPECT_GE(kernel->data(), source.bytes.data());
  EXPECT_LT(kernel->data(), source.bytes.data() + source.bytes.size());
}

TEST(Hdf5Helper, IsLookedForInNamedPlacesAndMissedByName) {
  const Scratch scratch;
  const Error error = thrown_by([&] { find_hdf5_helper({scratch / "a", scratch / "b"}, "weights.h5"); });
  expect_says(error, ErrorKind::weights, "weights.h5: is an HDF5 file, and the program enxerto-hdf5");
  expect_says(error, ErrorKind::weights, (scratch / "a").string() + ", " + (scratch / "b").string());
  expect_says(error, ErrorKind::weights, "ENXERTO_HELPER_DIR");
  const Instead helper("exit 0");
  EXPECT_EQ(find_hdf5_helper({scratch / "a", helper.path().parent_path()}, "weights.h5"), helper.path());
}

TEST(Hdf5Helper, IsNotStartedForAFileThatWasReplaced) {
  const Scratch scratch;
  std::filesystem::copy_file(golden("network.h5"), scratch / "network.h5");
  const MappedFile file(scratch / "network.h5");
  write_atomically(scratch / "network.h5", "another");
  const FileSource source{
      .bytes = file.bytes(), .owner = file.share(0), .where = "network.h5", .path = scratch / "network.h5"};
  expect_says(thrown_by([&] { read_hdf5(source, {.bytes = source.bytes, .owner = source.owner}); }), ErrorKind::weights,
              "was replaced while it was being read");
}

}  // namespace
}  // namespace enxerto
