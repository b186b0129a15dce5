#include "enxerto/media/field.h"

#include <gtest/gtest.h>

#include <array>

namespace enxerto {
namespace {

TEST(Medium, HasItsRowInTheOrderOfTheEnumeration) {
  for (const MediumRow& row : media()) EXPECT_EQ(medium_row(row.medium).name, row.name);
}

TEST(Medium, HasAWordForMessages) {
  EXPECT_EQ(nouns_of(std::array{Medium::image}), "pictures");
  EXPECT_EQ(nouns_of(std::array{Medium::audio}), "clips");
  EXPECT_EQ(nouns_of(std::array{Medium::text, Medium::text}), "examples");
}

TEST(Medium, IsToldByTheEndingOfAFileInUpperOrLowerCase) {
  EXPECT_EQ(medium_of_file("cats/1.JPG"), Medium::image);
  EXPECT_EQ(medium_of_file("a.b.txt"), Medium::text);
  EXPECT_EQ(medium_of_file("speech.Flac"), Medium::audio);
  EXPECT_EQ(medium_of_file("jpg"), std::nullopt);
  EXPECT_EQ(medium_of_file("notes.xyz"), std::nullopt);
}

}  // namespace
}  // namespace enxerto
