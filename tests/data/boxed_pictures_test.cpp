#include "enxerto/data/boxed_pictures.h"

#include <gtest/gtest.h>

#include "enxerto/base/error.h"
#include "tests/data/workplace.h"

namespace enxerto {
namespace {

using testing::Workplace;

/// What is said of a box in a picture of 3 x 2 px whose file of boxes states another size.
std::string said_of_size(BoxedPictures::StatedSize stated, const std::string& bytes) {
  const Workplace place;
  place.write("a.ppm", bytes);
  BoxedPictures pictures(place.path());
  pictures.files.add_path("a.ppm");
  pictures.add({{.left = 0, .top = 0, .right = 1, .bottom = 1}}, stated);
  try {
    EXPECT_EQ(boxes_of(boxed_dataset(std::move(pictures), {"dog"})->target(0)).size(), 1U);
    return "";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::data);
    return error.what();
  }
}

const std::string kThreeByTwo = "P6 3 2 255 " + std::string(18, 'x');

TEST(BoxedPictures, HaveTheSizeThatIsStatedWhereOneIs) {
  EXPECT_EQ(said_of_size({3, 2}, kThreeByTwo), "");
  EXPECT_EQ(said_of_size({}, kThreeByTwo), "");
  EXPECT_NE(said_of_size({6, 4}, kThreeByTwo).find("a.ppm: 3 x 2 px, but its boxes are those of a picture of 6 x 4"),
            std::string::npos);
}

TEST(BoxedPictures, AreRefusedWhereTheyWereLabelledLyingDown) {
  const std::string said = said_of_size({2, 30}, "P6 30 2 255 " + std::string(180, 'x'));
  EXPECT_NE(said.find("EXIF"), std::string::npos) << said;
}

TEST(BoxedPictures, ThatCannotBeReadAreLeftToWhoReadsThem) { EXPECT_EQ(said_of_size({6, 4}, "x"), ""); }

}  // namespace
}  // namespace enxerto
