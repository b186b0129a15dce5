#include "enxerto/data/landmarks.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <span>
#include <string>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/data/open.h"
#include "enxerto/files/read.h"
#include "enxerto/media/image/encode_png.h"
#include "enxerto/media/image/face_preprocessor.h"
#include "enxerto/media/preprocessor.h"
#include "tests/data/workplace.h"

namespace enxerto {
namespace {

using testing::Listener;
using testing::Workplace;

constexpr const char* kHeader = "file,x1,y1,x2,y2,x3,y3,x4,y4,x5,y5\n";

std::string landmarks_refused(const Workplace& place) {
  try {
    (void)read_landmarks(place.path() / "landmarks.csv");
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::data);
    return error.what();
  }
  return "no error";
}

TEST(Landmarks, AreFoundAboveThePictures) {
  Workplace place;
  place.write("faces/ann/1.jpg");
  place.write("faces/ann/2.jpg");
  place.write("faces/bob/1.jpg");
  place.write("faces/landmarks.csv", kHeader + std::string("ann/1.jpg,1,2,3,4,5,6,7,8,9,10.5\nann/2.jpg,,,,,,,,,,\n"));
  Listener listener;
  const DatasetPtr data = open_data(place.path() / "faces", {}, listener).all;
  EXPECT_FALSE(listener.heard("landmarks.csv"));  // it is not a file that is passed over
  const Field first = data->get(0)->field(0);
  ASSERT_EQ(first.marks.shape(), (Shape{5, 2}));
  EXPECT_EQ(first.marks.as<double>()[9], 10.5);
  EXPECT_FALSE(data->get(0)->file(0));                 // its content is that of two files
  EXPECT_EQ(data->get(1)->field(0).marks.size(), 0U);  // no face was found
  EXPECT_TRUE(data->get(2)->file(0));
}

TEST(Landmarks, ThatAreWrongAreNamed) {
  Workplace place;
  place.write("landmarks.csv", "file,x1,y1\n");
  EXPECT_NE(landmarks_refused(place).find("no column 'x2'"), std::string::npos);
  place.write("landmarks.csv", kHeader + std::string("a.jpg,1,2,3,4,5,6,7,8,9,left\n"));
  EXPECT_NE(landmarks_refused(place).find("landmarks.csv:2"), std::string::npos);
  place.write("landmarks.csv", kHeader + std::string("a.jpg,1,2,3,4,5,6,7,8,9,0\na.jpg,1,2,3,4,5,6,7,8,9,0\n"));
  EXPECT_NE(landmarks_refused(place).find("a second time"), std::string::npos);
  for (const std::string number : {"nan", "inf", "1e30"}) {
    place.write("landmarks.csv", kHeader + fmt::format("a.jpg,1,2,3,4,5,6,7,8,9,{}\n", number));
    EXPECT_NE(landmarks_refused(place).find("landmarks.csv:2"), std::string::npos) << number;
  }
}

TEST(Landmarks, OfAllPointsAreReadAsTheyAreWritten) {
  Workplace place;
  std::vector<double> numbers;
  for (int i = 0; i < 138; ++i) numbers.push_back(i / 3.0);
  place.write("landmarks.csv",
              landmarks_table({{.file = "a, \"b\".jpg",
                                .faces = 2,
                                .score = 0.9,
                                .points = Tensor::of<double>({69, 2}, std::span<const double>(numbers))},
                               {.file = "none.jpg", .points = {}}}));
  const auto points = read_landmarks(place.path() / "landmarks.csv");
  ASSERT_EQ(points.size(), 2U);
  const Tensor& found = points.at("a, \"b\".jpg");
  ASSERT_EQ(found.shape(), (Shape{69, 2}));
  for (std::size_t i = 0; i < numbers.size(); ++i) EXPECT_EQ(found.as<double>()[i], numbers[i]) << i;
  EXPECT_EQ(points.at("none.jpg").size(), 0U);
}

TEST(Landmarks, OfAnotherNumberOfPointsAreRefused) {
  Workplace place;
  place.write("landmarks.csv", "file,x1,y1,x2,y2,x3,y3,x4,y4,x5,y5,x6,y6\n");
  EXPECT_NE(landmarks_refused(place).find("no column 'x7'"), std::string::npos) << landmarks_refused(place);
}

TEST(FacePreprocessor, NamesAPictureWithoutAFace) {
  const PreprocessorPtr faces = face_preprocessor({.size = 16}, *face_fit_named("five_points"));
  std::vector<Field> example = faces->sample(1);
  OwnSlots slots(faces->inputs());
  (void)faces->encode(example, {.where = "a.jpg"}, slots);
  EXPECT_EQ(slots.take().front().shape(), (Shape{3, 16, 16}));
  example.front().marks = {};
  try {
    faces->check_readable(example, "a.jpg");
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("a.jpg: no face is known in it"), std::string::npos) << error.what();
  }
}

TEST(FacePreprocessor, IsReadFromItsRecord) {
  const PreprocessorPtr faces = face_preprocessor({.size = 16}, *face_fit_named("five_points"));
  EXPECT_EQ(faces->record()["fit"], "five_points");
  EXPECT_EQ(preprocessor_from_record(faces->record(), "here")->record(), faces->record());
  EXPECT_EQ(preprocessor_from_record(faces->record(), "here")->summary(), "16 px, aligned by five points");
}

}  // namespace
}  // namespace enxerto
