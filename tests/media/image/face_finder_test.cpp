#include "enxerto/media/image/face_finder.h"

#include <gtest/gtest.h>

#include <span>
#include <string>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/media/image/encode_jpeg.h"
#include "enxerto/media/image/face_preprocessor.h"
#include "enxerto/media/image/smooth_noise.h"

namespace enxerto {
namespace {

/// A network that always says the same.
NetworkRun saying(TensorMap answer) {
  return [answer = std::move(answer)](const TensorMap& /*inputs*/) { return answer; };
}

/// Boxes in parts of the square, and how sure of each.
NetworkRun detector(const std::vector<float>& boxes, const std::vector<float>& scores) {
  const auto count = static_cast<std::int64_t>(scores.size());
  TensorMap answer;
  answer.set("boxes", Tensor::of<float>({1, count, 4}, std::span<const float>(boxes)));
  answer.set("scores", Tensor::of<float>({1, count}, std::span<const float>(scores)));
  return saying(std::move(answer));
}

/// Every point in the middle of what is looked at.
NetworkRun middle() {
  TensorMap answer;
  const std::vector<float> points(136, 0.5F);
  answer.set("points", Tensor::of<float>({1, 136}, std::span<const float>(points)));
  return saying(std::move(answer));
}

FaceFinder finder(const std::vector<float>& boxes, const std::vector<float>& scores) {
  return {{.detector = "ssd_mobilenetv1", .networks = "made up"}, detector(boxes, scores), middle()};
}

TEST(FaceFinder, GivesTheLargestFirstInPixelsOfThePicture) {
  // The picture is as wide as the square and half as high.
  const Image picture = smooth_noise(200, 100, 1);
  const std::vector<FoundFace> faces =
      finder({0.0F, 0.0F, 0.1F, 0.1F, 0.5F, 0.1F, 0.9F, 0.4F}, {0.9F, 0.6F}).find(picture);
  ASSERT_EQ(faces.size(), 2U);
  EXPECT_NEAR(faces[0].left, 100, 1e-4);
  EXPECT_NEAR(faces[0].top, 20, 1e-4);
  EXPECT_NEAR(faces[0].width, 80, 1e-4);
  EXPECT_NEAR(faces[0].height, 60, 1e-4);
  EXPECT_NEAR(faces[0].score, 0.6, 1e-6);
  const auto points = faces[0].points.as<double>();
  EXPECT_NEAR(points[0], 140, 1);  // boxes are cut out in whole pixels
  EXPECT_NEAR(points[1], 50, 1);
}

TEST(FaceFinder, DropsWhatItIsUnsureOfAndWhatIsTheSameFace) {
  const Image picture = smooth_noise(100, 100, 1);
  const std::vector<float> boxes{0.1F, 0.1F, 0.5F, 0.5F, 0.12F, 0.1F, 0.52F, 0.5F, 0.6F, 0.6F, 0.9F, 0.9F};
  EXPECT_EQ(finder(boxes, {0.9F, 0.8F, 0.5F}).find(picture).size(), 1U) << "0.5 is not above 0.5";
  EXPECT_EQ(finder(boxes, {0.9F, 0.8F, 0.51F}).find(picture).size(), 2U);
  EXPECT_EQ(finder(boxes, {0.1F, 0.2F, 0.3F}).largest(picture).points.size(), 0U);
}

TEST(FaceFinder, EndsBoxesAtTheBorder) {
  const FoundFace face = finder({-0.5F, 0.5F, 0.5F, 1.5F}, {0.9F}).largest(smooth_noise(100, 100, 1));
  EXPECT_NEAR(face.left, 0, 1e-4);
  EXPECT_NEAR(face.width, 50, 1e-4);
  EXPECT_NEAR(face.height, 50, 1e-4);
}

PreprocessorPtr with_finder(const std::vector<float>& scores) {
  const FaceFinderSettings settings{.detector = "ssd_mobilenetv1", .networks = "made up"};
  const PreprocessorPtr bare = face_preprocessor({.size = 16}, *face_fit_named("five_points"), settings);
  EXPECT_EQ(bare->networks(), (std::vector<std::string>{"detector", "landmarks"}));
  TensorMap points;
  std::vector<float> places;
  for (int i = 0; i < 136; ++i) places.push_back(static_cast<float>((i * 37) % 100) / 100);
  points.set("points", Tensor::of<float>({1, 136}, std::span<const float>(places)));
  return bare->with_networks({{"detector", detector({0.1F, 0.1F, 0.6F, 0.6F}, scores)}, {"landmarks", saying(points)}});
}

std::string refused(const Preprocessor& preprocessor, ErrorKind kind) {
  OwnSlots slots(preprocessor.inputs());
  const std::vector<Field> example{as_field(smooth_noise(60, 60, 1))};
  try {
    (void)preprocessor.encode(example, {.where = "a.jpg"}, slots);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), kind);
    return error.what();
  }
  return "no error";
}

TEST(FacePreprocessor, ChecksPointsInTheWholePictureHoweverSmallItMayBeDecoded) {
  const ImagePreprocess preprocess{.size = 16, .scaled_decode = true};
  const PreprocessorPtr faces = face_preprocessor(preprocess, *face_fit_named("eyes_and_mouth"), std::nullopt);
  std::vector<double> points;
  for (int i = 0; i < 136; ++i) points.push_back(600 + (i * 37) % 100);  // beyond a picture of an eighth
  const std::vector<std::byte> file = encode_jpeg(smooth_noise(800, 800, 1), 90);
  Field picture{.medium = Medium::image, .bytes = Tensor::copied(DType::u8, {std::ssize(file)}, file)};
  picture.marks = Tensor::of<double>({68, 2}, std::span<const double>(points));
  EXPECT_NO_THROW(faces->check_readable(std::vector<Field>{picture}, "a.jpg"));
}

TEST(FacePreprocessor, CutsOutTheFaceThatItFinds) {
  const PreprocessorPtr faces = with_finder({0.9F});
  OwnSlots slots(faces->inputs());
  const std::vector<Field> example{as_field(smooth_noise(60, 60, 1))};
  EXPECT_NO_THROW((void)faces->encode(example, {.where = "a.jpg"}, slots));
  EXPECT_EQ(faces->summary(), "16 px, aligned by five points of the largest face that ssd_mobilenetv1 finds");
}

TEST(FacePreprocessor, NamesAPictureInWhichItFindsNoFace) {
  const std::string error = refused(*with_finder({0.3F}), ErrorKind::data);
  EXPECT_NE(error.find("a.jpg: ssd_mobilenetv1 finds no face in it of a score above 0.5"), std::string::npos) << error;
}

TEST(FacePreprocessor, WithoutItsNetworksSaysSo) {
  const PreprocessorPtr read = preprocessor_from_record(with_finder({0.9F})->record(), "here");
  const std::string error = refused(*read, ErrorKind::other);
  EXPECT_NE(error.find("no network to find faces with"), std::string::npos) << error;
}

TEST(FacePreprocessor, RefusesARecordOfAnUnknownDetector) {
  Json record = with_finder({0.9F})->record();
  record["finder"]["detector"] = "eyes";
  EXPECT_THROW((void)preprocessor_from_record(record, "here"), Error);
  record = with_finder({0.9F})->record();
  record["fit"] = "squash";
  EXPECT_THROW((void)preprocessor_from_record(record, "here"), Error) << "nothing is cut out";
}

}  // namespace
}  // namespace enxerto
