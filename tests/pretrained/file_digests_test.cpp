#include "enxerto/pretrained/file_digests.h"

#include "tests/download/download_test_case.h"

namespace enxerto {
namespace {

using testing::contents;
using testing::md5_of;
using testing::noise;
using testing::put;
using testing::sha256_of;

class FileDigestsTest : public testing::DownloadTestCase {
 protected:
  const std::string large_ = noise(4'000'000);
  std::filesystem::path file() const { return home() / "a.pth"; }
  std::filesystem::path memory() const { return home() / "cache/enxerto/digests.json"; }

  void replace_in_memory(const std::string& what, const std::string& with) const {
    std::string text = contents(memory());
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
      text.replace(at, what.size(), with);
    put(memory(), text);
  }
};

TEST_F(FileDigestsTest, AreThoseOfTheFile) {
  put(file(), "abc");
  EXPECT_EQ(file_digests(file(), true).sha256, sha256_of("abc"));
  EXPECT_EQ(file_digests(file(), true).md5, md5_of("abc"));
  EXPECT_EQ(file_digests(file(), false).md5, "");
  EXPECT_FALSE(std::filesystem::exists(memory())) << "not worth it";
}

TEST_F(FileDigestsTest, AreRememberedUntilTheFileChanges) {
  put(file(), large_);
  EXPECT_EQ(file_digests(file(), false).sha256, sha256_of(large_));
  replace_in_memory(sha256_of(large_), std::string(64, 'e'));
  EXPECT_EQ(file_digests(file(), false).sha256, std::string(64, 'e'));
  EXPECT_EQ(file_digests(file(), true).sha256, sha256_of(large_)) << "the MD5 was not known yet";
  replace_in_memory(sha256_of(large_), std::string(64, 'e'));
  std::filesystem::last_write_time(file(), std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
  EXPECT_EQ(file_digests(file(), false).sha256, sha256_of(large_));
}

TEST_F(FileDigestsTest, AreComputedWhereTheMemoryIsNonsense) {
  put(file(), large_);
  for (const char* nonsense : {"", "[1]", "{", "{\"a\": 1}"}) {
    put(memory(), nonsense);
    EXPECT_EQ(file_digests(file(), false).sha256, sha256_of(large_)) << nonsense;
  }
  replace_in_memory(sha256_of(large_), "xyz");
  EXPECT_EQ(file_digests(file(), false).sha256, sha256_of(large_));
}

TEST_F(FileDigestsTest, OfFilesThatAreGoneAreForgotten) {
  put(file(), large_);
  put(home() / "gone.pth", large_);
  file_digests(home() / "gone.pth", false);
  std::filesystem::remove(home() / "gone.pth");
  file_digests(file(), false);
  EXPECT_EQ(contents(memory()).find("gone.pth"), std::string::npos);
  EXPECT_NE(contents(memory()).find("a.pth"), std::string::npos);
}

TEST_F(FileDigestsTest, DoWithoutAMemory) {
  put(file(), large_);
  put(home() / "cache", "a file where the folder should be");
  EXPECT_EQ(file_digests(file(), false).sha256, sha256_of(large_));
}

}  // namespace
}  // namespace enxerto
