#include "enxerto/media/image/image_preprocessor.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/media/image/augment.h"
#include "enxerto/media/image/encode_jpeg.h"
#include "tests/media/pattern.h"

namespace enxerto {
namespace {

constexpr int kSize = 64;

struct Encoded {
  Tensor input, map;
};

Encoded encoded(const Preprocessor& preprocessor, const Image& image, const View& view) {
  OwnSlots slots(preprocessor.inputs());
  const Alignment alignment = preprocessor.encode(std::array{as_field(image)}, view, slots);
  return {slots.take().at(0), alignment.map};
}

/// A square of 9 px around (x, y), brighter than the rest.
Image dot(int width, int height, int x, int y, std::uint8_t bright = 255, std::uint8_t rest = 0) {
  Image image{width, height, std::vector<std::uint8_t>(static_cast<std::size_t>(width * height * 3), rest)};
  for (int row = y - 4; row <= y + 4; ++row)
    for (int column = x - 4; column <= x + 4; ++column)
      for (int c = 0; c < 3; ++c) image.pixels[static_cast<std::size_t>((row * width + column) * 3 + c)] = bright;
  return image;
}

struct Point {
  double x, y;
};

/// Where the brightness lies, its pixels' centres being at their halves.
Point centre_of(const Tensor& input) {
  double sum = 0, x = 0, y = 0;
  for (int row = 0; row < kSize; ++row) {
    for (int column = 0; column < kSize; ++column) {
      const double value = input.as<float>()[static_cast<std::size_t>(row * kSize + column)];
      sum += value;
      x += value * (column + 0.5);
      y += value * (row + 0.5);
    }
  }
  EXPECT_GT(sum, 1);
  return {x / sum, y / sum};
}

Point through(const Tensor& map, const Point& point) {
  EXPECT_EQ(map.shape(), (Shape{2, 3}));
  const auto m = map.as<float>();
  return {m[0] * point.x + m[1] * point.y + m[2], m[3] * point.x + m[4] * point.y + m[5]};
}

/// A dot in the picture is found where the alignment says.
void expect_aligned(const ImagePreprocess& preprocess, const Augmentation* augment, const RandomKey& key) {
  constexpr int kX = 66, kY = 47;
  const Encoded found =
      encoded(*image_preprocessor(preprocess), dot(120, 90, kX, kY), {.where = "dot", .augment = augment, .key = key});
  const Point seen = centre_of(found.input), told = through(found.map, {kX + 0.5, kY + 0.5});
  EXPECT_NEAR(seen.x, told.x, 0.75) << key.example;
  EXPECT_NEAR(seen.y, told.y, 0.75) << key.example;
}

/// Black is 0.
ImagePreprocess plain(ImagePreprocess::Fit fit) {
  return {.size = kSize, .fit = fit, .mean = {0, 0, 0}, .deviation = {1, 1, 1}};
}

TEST(ImagePreprocessor, GivesTheSameNumbersAsPreprocessIntoAndAugmentInto) {
  const Image image = pattern(90, 70);
  const ImagePreprocess preprocess{.size = kSize};
  std::vector<float> wanted(3 * kSize * kSize);
  preprocess_into(image, preprocess, wanted);
  const auto as_vector = [](const Tensor& tensor) {
    return std::vector<float>(tensor.as<float>().begin(), tensor.as<float>().end());
  };
  EXPECT_EQ(as_vector(encoded(*image_preprocessor(preprocess), image, {.where = "a"}).input), wanted);
  const Augmentation augmentation{.flip = true, .crop = 0.3, .rotate = 20, .brightness = 0.4, .randaugment = 2};
  const RandomKey key{.seed = 3, .epoch = 4, .example = 5, .purpose = {}};
  augment_into(image, preprocess, augmentation, key, wanted);
  const View view{.where = "a", .augment = &augmentation, .key = key};
  EXPECT_EQ(as_vector(encoded(*image_preprocessor(preprocess), image, view).input), wanted);
}

TEST(ImagePreprocessor, SaysWhereAPointWentWithoutChanges) {
  expect_aligned(plain(ImagePreprocess::Fit::squash), nullptr, {});
  expect_aligned(plain(ImagePreprocess::Fit::center_crop), nullptr, {});
}

TEST(ImagePreprocessor, SaysWhereAPointWentThroughEachChangeAndAllOfThem) {
  const std::vector<Augmentation> policies{
      {.flip = true},
      {.vertical_flip = true},
      {.crop = 0.7},
      {.pad_crop = 0.1},
      {.rotate = 25},
      {.zoom = 0.2},
      {.flip = true, .vertical_flip = true, .pad_crop = 0.05, .rotate = 15, .zoom = 0.1}};
  for (const Augmentation& policy : policies)
    for (std::uint64_t example = 0; example < 8; ++example)
      expect_aligned(plain(ImagePreprocess::Fit::squash), &policy, {1, 0, example, {}});
}

TEST(ImagePreprocessor, FollowsTheTurnsOfRandAugment) {
  // Operations on colours move the centre of brightness, so the place of the dot is compared with the same one without
  // it. 200 and 40 stay apart under all of them: at this strength Solarize inverts what is brighter.
  const Augmentation policy{.randaugment = 3, .randaugment_magnitude = 4};
  const PreprocessorPtr preprocessor = image_preprocessor(plain(ImagePreprocess::Fit::squash));
  int turned = 0;
  for (std::uint64_t example = 0; example < 40; ++example) {
    const RandomKey key{1, 0, example, {}};
    const View view{.where = "dot", .augment = &policy, .key = key};
    const Encoded with = encoded(*preprocessor, dot(120, 90, 66, 47, 200, 40), view);
    const Encoded without = encoded(*preprocessor, dot(120, 90, 10, 10, 200, 40), view);
    const Point told = through(with.map, {66.5, 47.5});
    if (told.x < 4 || told.y < 4 || told.x > kSize - 4 || told.y > kSize - 4) continue;
    const auto at = static_cast<std::size_t>(static_cast<int>(told.y) * kSize + static_cast<int>(told.x));
    turned += with.map.as<float>()[1] != 0 || with.map.as<float>()[2] != 0 ? 1 : 0;
    EXPECT_NE(with.input.as<float>()[at], without.input.as<float>()[at]) << example;
  }
  EXPECT_GT(turned, 5);
}

TEST(ImagePreprocessor, ComesBackFromItsRecordWhichIsThatOfTodaysModels) {
  const ImagePreprocess preprocess{.size = 96, .fit = ImagePreprocess::Fit::squash, .divisor = 127.5F};
  const PreprocessorPtr preprocessor = image_preprocessor(preprocess);
  EXPECT_EQ(preprocessor->record().dump(), to_json(preprocess).dump());
  EXPECT_EQ(preprocessor_from_record(preprocessor->record(), "here")->record(), preprocessor->record());
  EXPECT_EQ(preprocessor->summary(), "96 px");
  EXPECT_EQ(input_size(*preprocessor), 96);
}

TEST(ImagePreprocessor, TakesTheWordsOfARecipeAsAPatch) {
  const PreprocessorPtr own = image_preprocessor({.size = 32});
  const Json record = patched(*own, {{"size", 48}, {"fit", "crop"}, {"normalise", "caffe"}}, "recipe")->record();
  EXPECT_EQ(record.at("size"), 48);
  EXPECT_EQ(record.at("fit"), "center_crop");
  EXPECT_EQ(record.at("channels"), "bgr");
  EXPECT_EQ(record.at("divisor"), 1);
  EXPECT_FALSE(record.contains("normalise"));
  const Json bytes = patched(*own, {{"normalise", "none"}}, "recipe")->record();
  EXPECT_EQ(bytes.at("divisor"), 1);
  EXPECT_EQ(bytes.at("deviation"), Json::array({1, 1, 1}));
  EXPECT_EQ(patched(*own, Json::object(), "recipe")->record(), own->record());
  for (const Json& wrong : {Json{{"normalise", "loud"}}, Json{{"sample_rate", 16000}}, Json{{"size", 0}}})
    EXPECT_THROW(patched(*own, wrong, "recipe"), Error) << wrong;
}

TEST(ImagePreprocessor, NamesTheChangesThatAreOn) {
  const PreprocessorPtr preprocessor = image_preprocessor({});
  EXPECT_TRUE(preprocessor->random_changes({}).empty());
  EXPECT_TRUE(preprocessor->random_changes({.mixup = 0.5, .cutmix = 1}).empty());
  EXPECT_EQ(preprocessor->random_changes({.flip = true, .randaugment = 2, .mixup = 1}).dump(),
            R"({"flip":true,"randaugment":2})");
  EXPECT_THROW(preprocessor->random_changes({.hue = 2}), Error);
}

TEST(ImagePreprocessor, RefusesWhatIsNoPictureByTheExamplesName) {
  const PreprocessorPtr preprocessor = image_preprocessor({.size = 8});
  OwnSlots slots(preprocessor->inputs());
  const std::vector<Field> text{{.medium = Medium::text, .bytes = {}, .raw = {}}};
  const std::vector<Field> two(2);
  for (const std::vector<Field>& fields : {text, two}) {
    try {
      preprocessor->encode(fields, {.where = "cats/7.jpg"}, slots);
      ADD_FAILURE() << "encoded";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::data);
      EXPECT_NE(std::string(error.what()).find("cats/7.jpg"), std::string::npos);
    }
  }
}

TEST(ImagePreprocessor, SaysPlacesOfTheWholePictureWhereItWasDecodedAtAPartOfIt) {
  const std::vector<std::byte> jpeg = encode_jpeg(dot(801, 403, 100, 60), 90);
  const Field field{.medium = Medium::image,
                    .bytes = Tensor::copied(DType::u8, {static_cast<std::int64_t>(jpeg.size())}, jpeg)};
  const auto map_of = [&](bool scaled) {
    const PreprocessorPtr preprocessor =
        image_preprocessor({.size = kSize, .fit = ImagePreprocess::Fit::squash, .scaled_decode = scaled});
    OwnSlots slots(preprocessor->inputs());
    return preprocessor->encode(std::array{field}, {.where = "a"}, slots).map;
  };
  const Tensor whole = map_of(false), scaled = map_of(true);
  for (std::size_t i = 0; i < whole.size(); ++i) EXPECT_NEAR(scaled.as<float>()[i], whole.as<float>()[i], 1e-5);
}

}  // namespace
}  // namespace enxerto
