#include "enxerto/workflow/readable_examples.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "enxerto/base/error.h"
#include "tests/data/made_dataset.h"

namespace enxerto {
namespace {

/// What is said of a data set whose examples 6 to 9 are test examples, where those at `read` can be read.
std::string said_of(std::span<const std::size_t> read, const DatasetPart& part) {
  const testing::MadeDataset dataset({"a", "b"}, {0, 1, 0, 1, 0, 1, 0, 1, 0, 1});
  try {
    require_readable_part(dataset, part, read);
    return "";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::data);
    return error.what();
  }
}

TEST(ReadableExamples, OfATestPartAreSomeOrTheRunIsRefused) {
  constexpr std::array<std::size_t, 6> kTraining{0, 1, 2, 3, 4, 5};
  EXPECT_NE(said_of(kTraining, {6, 10, "test"}).find("none of the 4 test pictures can be read"), std::string::npos);
  EXPECT_EQ(said_of(kTraining, {6, 6, "validation"}), "");
  constexpr std::array<std::size_t, 2> kOneLeft{0, 9};
  EXPECT_EQ(said_of(kOneLeft, {6, 10, "test"}), "");
}

TEST(ReadableExamples, OfWhichNoneCanBeReadAreMendedAsTheFirst) {
  const std::vector<BadExample> bad{{"1.jpg", "1.jpg: no face; expected one; try: landmarks"}, {"2.jpg", "2.jpg: no"}};
  const auto tip = [&](std::size_t count) {
    try {
      require_few(bad, count, OnBad::few, "pictures");
    } catch (const Error& error) {
      EXPECT_NE(error.text().found.find("(first: 1.jpg: no face)"), std::string::npos) << error.text().found;
      return error.text().tip;
    }
    return std::string("no error");
  };
  EXPECT_EQ(tip(2), "landmarks");
  EXPECT_NE(tip(3).find("mend or remove them"), std::string::npos) << tip(3);
  EXPECT_EQ(tip(40), "no error");
}

}  // namespace
}  // namespace enxerto
