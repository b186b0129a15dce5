#include "enxerto/files/writable_place.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "enxerto/base/error.h"
#include "tests/files/scratch.h"
#include "tests/files/thrown.h"

namespace enxerto {
namespace {

TEST(WritablePlace, IsBelowAFolderInWhichSomethingCanBeMade) {
  const Scratch scratch;
  EXPECT_NO_THROW(require_writable_place(scratch / "model"));
  EXPECT_NO_THROW(require_writable_place(scratch / "not/yet/there/model/"));
  EXPECT_TRUE(std::filesystem::is_empty(scratch.path()));
}

TEST(WritablePlace, IsNotWherePermissionsAloneAllowIt) {
  // Root may write anywhere as far as permissions say; /proc takes nothing all the same.
  expect_says(thrown_by([] { require_writable_place("/proc/model"); }), ErrorKind::disk,
              "/proc/model: the folder /proc cannot be written");
}

TEST(WritablePlace, IsNotBelowAFile) {
  const Scratch scratch;
  std::ofstream(scratch / "file") << "x";
  expect_says(thrown_by([&] { require_writable_place(scratch / "file/model"); }), ErrorKind::disk, "is not a folder");
}

}  // namespace
}  // namespace enxerto
