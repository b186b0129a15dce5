#include "enxerto/files/line_stream.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <string>
#include <string_view>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

class LineStreamTest : public ::testing::Test {
 protected:
  LineStreamTest() {
    if (pipe(ends_.data()) != 0) throw std::runtime_error("no pipe");
  }
  ~LineStreamTest() override {
    close(ends_[0]);
    close_writer();
  }

  void write(std::string_view text) const {
    ASSERT_EQ(::write(ends_[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  void close_writer() {
    if (ends_[1] >= 0) close(ends_[1]);
    ends_[1] = -1;
  }

  std::array<int, 2> ends_{};
};

TEST_F(LineStreamTest, GivesTheLinesThatAreThereBeforeTheEnd) {
  LineStream stream(ends_[0], 100);
  write("one\ntwo\nthr");
  const auto first = stream.next(no_progress());
  ASSERT_EQ(first.size(), 2U);
  EXPECT_EQ(first[1].text, "two");
  write("ee\n\nfive");
  close_writer();
  const auto rest = stream.next(no_progress());
  ASSERT_EQ(rest.size(), 3U);
  EXPECT_EQ(rest[0].text, "three");
  EXPECT_EQ(rest[2].text, "five");
  EXPECT_EQ(rest[2].number, 5U);
  EXPECT_TRUE(stream.next(no_progress()).empty());
}

TEST_F(LineStreamTest, SkipsALineThatIsTooLong) {
  LineStream stream(ends_[0], 4);
  write("a\n12345\nb\n1234567");
  const auto first = stream.next(no_progress());
  ASSERT_EQ(first.size(), 4U);
  EXPECT_TRUE(first[1].too_long);
  EXPECT_EQ(first[2].text, "b");
  EXPECT_TRUE(first[3].too_long);
  write("89\nc\n");
  const auto rest = stream.next(no_progress());
  ASSERT_EQ(rest.size(), 1U);
  EXPECT_EQ(rest[0].text, "c");
  EXPECT_EQ(rest[0].number, 5U);
}

TEST_F(LineStreamTest, GivesMoreLinesThanABlockHasInSeveral) {
  LineStream stream(ends_[0], 4);
  std::string many;
  for (int i = 0; i < 10'000; ++i) many += "x\n";
  write(many);
  close_writer();
  std::size_t count = 0;
  for (auto some = stream.next(no_progress()); !some.empty(); some = stream.next(no_progress())) count += some.size();
  EXPECT_EQ(count, 10'000U);
}

TEST_F(LineStreamTest, StopsWhenItIsAskedToWhileNothingComes) {
  struct Stopped final : Progress {
    bool cancelled() const override { return ++asked > 1; }
    mutable int asked = 0;
  } progress;
  LineStream stream(ends_[0], 4);
  EXPECT_THROW((void)stream.next(progress), Error);
}

}  // namespace
}  // namespace enxerto
