#include "enxerto/files/read.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "enxerto/files/atomic_write.h"
#include "tests/files/scratch.h"
#include "tests/files/thrown.h"

namespace enxerto {
namespace {

TEST(MappedFile, SharesItsBytesBeyondItsOwnLife) {
  const Scratch scratch;
  write_atomically(scratch / "a", "abcdef");
  std::shared_ptr<const std::byte> from_third;
  {
    const MappedFile file(scratch / "a");
    ASSERT_EQ(file.bytes().size(), 6U);
    from_third = file.share(2);
  }
  std::filesystem::remove(scratch / "a");
  EXPECT_EQ(from_third.get()[0], std::byte{'c'});
}

TEST(MappedFile, IsEmptyForAnEmptyFile) {
  const Scratch scratch;
  write_atomically(scratch / "a", "");
  EXPECT_TRUE(MappedFile(scratch / "a").bytes().empty());
}

TEST(MappedFile, NamesWhatIsNoReadableFile) {
  const Scratch scratch;
  ::mkfifo((scratch / "pipe").c_str(), 0600);
  const auto opening = [](const std::filesystem::path& path) {
    return thrown_by([&] { MappedFile(path, ErrorKind::weights); });
  };
  expect_says(opening(scratch / "missing"), ErrorKind::weights, "missing: does not exist");
  expect_says(opening(scratch.path()), ErrorKind::weights, "is a directory");
  expect_says(opening(scratch / "pipe"), ErrorKind::weights, "is not a regular file");
  expect_says(opening(""), ErrorKind::weights, "is empty");
}

TEST(ReadFile, GivesTheBytesAndRefusesTooMany) {
  const Scratch scratch;
  write_atomically(scratch / "a", "abcdef");
  EXPECT_EQ(read_file(scratch / "a", 6).byte_size(), 6U);
  EXPECT_EQ(read_text(scratch / "a", 6), "abcdef");
  expect_says(thrown_by([&] { read_file(scratch / "a", 5); }), ErrorKind::data, "is 6 bytes long");
}

TEST(FileIdentity, ChangesWithTheFile) {
  const Scratch scratch;
  EXPECT_FALSE(identity_of(scratch / "a").has_value());
  write_atomically(scratch / "a", "one");
  const auto before = identity_of(scratch / "a");
  ASSERT_TRUE(before.has_value());
  EXPECT_EQ(before, identity_of(scratch / "./a"));
  EXPECT_EQ(before->size, 3U);
  write_atomically(scratch / "a", "two");
  EXPECT_NE(before, identity_of(scratch / "a"));
}

}  // namespace
}  // namespace enxerto
