#include "enxerto/data/same_words.h"

#include <gtest/gtest.h>

#include <vector>

#include "enxerto/data/csv.h"
#include "tests/data/csv_tables.h"

namespace enxerto {
namespace {

using SameWords = testing::CsvTables;
using Hashes = std::vector<Hash128>;

TEST_F(SameWords, AreOneCopyWhateverTheirCapitalsAndBlanks) {
  const DatasetPtr all = open("text,label\nA fine film,1\n\"a  fine FILM \",1\na fine films,0\n").all;
  const std::vector<std::size_t> positions{0, 1, 2};
  EXPECT_EQ(same_words(*all, positions, Hashes{{3, 0}, {2, 0}, {1, 0}}), (Hashes{{2, 0}, {2, 0}, {1, 0}}));
}

TEST_F(SameWords, OfTwoFieldsAreThoseOfBoth) {
  const DatasetPtr all = open("text1,text2,label\na b,c,1\na,b c,1\n").all;
  EXPECT_EQ(same_words(*all, std::vector<std::size_t>{0, 1}, Hashes{{3, 0}, {2, 0}}), (Hashes{{3, 0}, {2, 0}}));
}

TEST_F(SameWords, OfPicturesAreTheirBytes) {
  const DatasetPtr all = open("file,label\n1.jpg,a\n2.jpg,b\n").all;
  EXPECT_EQ(same_words(*all, std::vector<std::size_t>{0, 1}, Hashes{{3, 0}, {3, 0}}), (Hashes{{3, 0}, {3, 0}}));
}

}  // namespace
}  // namespace enxerto
