#include "enxerto/files/temporary.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <functional>
#include <string>

#include "enxerto/files/atomic_write.h"
#include "enxerto/files/read.h"
#include "tests/files/scratch.h"

namespace enxerto {
namespace {

/// A process that was killed in the middle of `work`.
void killed_in(const std::function<void()>& work) {
  const pid_t child = fork();
  if (child == 0) {
    work();
    raise(SIGKILL);
  }
  int status = 0;
  waitpid(child, &status, 0);
  ASSERT_TRUE(WIFSIGNALED(status));
}

TEST(Temporary, OfAKilledProgramIsRemovedByTheNextThatWritesThere) {
  const Scratch scratch;
  killed_in([&] {
    (new AtomicFile(scratch / "a.txt"))->write("half");
    std::ofstream((new AtomicDirectory(scratch / "model", false))->temporary() / "half") << "half";
  });
  EXPECT_EQ(scratch.count(), 2U);
  write_atomically(scratch / "b.txt", "whole");
  EXPECT_EQ(scratch.count(), 1U);
  killed_in([&] { std::ofstream((new AtomicDirectory(scratch / "model", false))->temporary() / "half") << "half"; });
  EXPECT_EQ(scratch.count(), 2U);
  AtomicDirectory(scratch / "model", false).commit();
  EXPECT_EQ(scratch.count(), 2U);
  EXPECT_EQ(read_text(scratch / "b.txt", 100), "whole");
}

TEST(Temporary, IsMadeAnewWhereAnotherProgramHasTakenItForALeftover) {
  const Scratch scratch;
  int made = 0;
  const Temporary temporary(scratch / "a.txt", [&](const std::filesystem::path& name) {
    std::ofstream(name) << "text";
    if (++made == 1) std::filesystem::remove(name);  // before its maker could lock it
    return 0;
  });
  EXPECT_EQ(made, 2);
  EXPECT_TRUE(std::filesystem::exists(temporary.path()));
}

TEST(Temporary, StaysWhereItsMakerLives) {
  const Scratch scratch;
  AtomicFile file(scratch / "a.txt");
  file.write("slowly");
  AtomicDirectory folder(scratch / "model", false);
  std::ofstream(folder.temporary() / "file") << "text";
  write_atomically(scratch / "b.txt", "quickly");
  file.commit();
  folder.commit();
  EXPECT_EQ(read_text(scratch / "a.txt", 100), "slowly");
  EXPECT_EQ(read_text(scratch / "model/file", 100), "text");
  EXPECT_EQ(scratch.count(), 3U);
}

TEST(Temporary, IsToldApartByItsWholeName) {
  const Scratch scratch;
  for (const char* name : {".enxerto-0123.part", ".enxerto-0123456789abcdeg.part", "enxerto-0123456789abcdef.part",
                           ".enxerto-0123456789abcdef.old"})
    std::ofstream(scratch / name) << "somebody's own";
  std::ofstream(scratch / ".enxerto-0123456789abcdef.part") << "half";
  remove_abandoned(scratch.path());
  EXPECT_EQ(scratch.count(), 4U);
  EXPECT_NO_THROW(remove_abandoned(scratch / "missing"));
}

}  // namespace
}  // namespace enxerto
