#include "enxerto/files/read_at.h"

#include <gtest/gtest.h>

#include <string>

#include "enxerto/files/atomic_write.h"
#include "tests/files/scratch.h"
#include "tests/files/thrown.h"

namespace enxerto {
namespace {

TEST(ReadAt, FillsFromTheMiddleOfAFile) {
  const Scratch scratch;
  write_atomically(scratch / "a", "0123456789");
  std::string text(4, ' ');
  read_at(scratch / "a", 3, std::as_writable_bytes(std::span(text)), ErrorKind::data);
  EXPECT_EQ(text, "3456");
  read_at(scratch / "a", 99, {}, ErrorKind::data);
}

TEST(ReadAt, RefusesWhatIsNotThere) {
  const Scratch scratch;
  write_atomically(scratch / "a", "0123456789");
  std::string text(4, ' ');
  const auto reading = [&](const char* name, std::uint64_t offset) {
    return thrown_by(
        [&] { read_at(scratch / name, offset, std::as_writable_bytes(std::span(text)), ErrorKind::weights); });
  };
  expect_says(reading("a", 8), ErrorKind::weights, "ends at byte 10, 2 bytes too early");
  expect_says(reading("b", 0), ErrorKind::weights, "cannot be read (No such file or directory)");
}

}  // namespace
}  // namespace enxerto
