#include "enxerto/media/image/preprocess.h"

#include <gtest/gtest.h>

#include <fstream>
#include <limits>
#include <vector>

#include "enxerto/base/error.h"
#include "tests/media/pattern.h"

namespace enxerto {
namespace {

std::vector<float> preprocessed(const Image& image, const ImagePreprocess& preprocess) {
  std::vector<float> out(static_cast<std::size_t>(preprocess.size) * static_cast<std::size_t>(preprocess.size) * 3);
  preprocess_into(image, preprocess, out);
  return out;
}

TEST(Preprocess, EqualsTorchvisionOnPillowImages) {
  std::ifstream list(std::string(ENXERTO_TEST_DATA "/media/preprocess.txt"));
  int width = 0, height = 0, count = 0;
  std::string fit, filter, wanted;
  ImagePreprocess preprocess;
  while (list >> width >> height >> preprocess.size >> fit >> preprocess.crop_fraction >> filter >> wanted) {
    preprocess.fit = fit == "squash" ? ImagePreprocess::Fit::squash : ImagePreprocess::Fit::center_crop;
    preprocess.filter = filter_named(filter).value();
    const std::vector<float> found = preprocessed(pattern(width, height), preprocess);
    EXPECT_EQ(digits(std::as_bytes(std::span(found))), wanted)
        << width << " x " << height << " " << to_json(preprocess);
    ++count;
  }
  EXPECT_GT(count, 300);
}

TEST(Preprocess, AsksForAScaledDecodeOnlyWhereItIsRecorded) {
  EXPECT_EQ(decode_options({}).scale_to_at_least, 0);
  EXPECT_EQ(decode_options({.scaled_decode = true}).scale_to_at_least, 256);
  EXPECT_EQ(decode_options({.fit = ImagePreprocess::Fit::squash, .scaled_decode = true}).scale_to_at_least, 224);
}

TEST(Preprocess, RefusesRoomOfAnotherSizeAndAnEmptyPicture) {
  std::vector<float> out(3 * 8 * 8);
  EXPECT_THROW(preprocess_into(pattern(4, 4), {.size = 7}, out), Error);
  EXPECT_THROW(preprocess_into(Image{}, {.size = 8}, out), Error);
  EXPECT_THROW(preprocess_into(Image{4, 4, {1, 2, 3}}, {.size = 8}, out), Error);
}

TEST(Preprocess, ComesBackFromItsRecordAsItWas) {
  const ImagePreprocess preprocess{.size = 240,
                                   .fit = ImagePreprocess::Fit::squash,
                                   .crop_fraction = 0.1,
                                   .filter = Filter::lanczos,
                                   .divisor = 127.5F,
                                   .mean = {0.1F, 0.2F, 0.3F},
                                   .deviation = {1.0F / 3, 0.7F, 1e-3F},
                                   .channels = ImagePreprocess::Channels::bgr,
                                   .scaled_decode = true,
                                   .version = 1};
  EXPECT_EQ(image_preprocess_from_json(Json::parse(to_json(preprocess).dump()), "f"), preprocess);
  EXPECT_EQ(image_preprocess_from_json(to_json({}), "f"), ImagePreprocess{});
}

TEST(Preprocess, ReadsRecordsFromBeforeThereWereChannelOrders) {
  Json json = to_json(ImagePreprocess{.size = 96});
  json.erase("divisor");
  json.erase("channels");
  const ImagePreprocess before = image_preprocess_from_json(json, "preprocess.json");
  EXPECT_EQ(before.channels, ImagePreprocess::Channels::rgb);
  EXPECT_EQ(before, (ImagePreprocess{.size = 96}));
}

/// keras.applications.imagenet_utils.preprocess_input, in float32 as there.
float keras(std::string_view mode, float value, std::size_t channel) {
  constexpr float kCaffe[] = {103.939F, 116.779F, 123.68F};
  constexpr float kMean[] = {0.485F, 0.456F, 0.406F}, kDeviation[] = {0.229F, 0.224F, 0.225F};
  if (mode == "caffe") return value - kCaffe[channel];
  if (mode == "tf") return value / 127.5F - 1.0F;
  return (value / 255.0F - kMean[channel]) / kDeviation[channel];
}

TEST(Preprocess, EqualsEachModeOfKerasToTheBit) {
  using Channels = ImagePreprocess::Channels;
  const std::pair<std::string_view, ImagePreprocess> modes[] = {
      {"caffe",
       {.divisor = 1, .mean = {103.939F, 116.779F, 123.68F}, .deviation = {1, 1, 1}, .channels = Channels::bgr}},
      {"tf", {.divisor = 127.5F, .mean = {1, 1, 1}, .deviation = {1, 1, 1}}},
      {"torch", {}},
  };
  Image image{16, 16, {}};
  for (int i = 0; i < 16 * 16 * 3; ++i) image.pixels.push_back(static_cast<std::uint8_t>(i * 89 % 256));
  for (auto [mode, preprocess] : modes) {
    preprocess.size = 16;
    preprocess.fit = ImagePreprocess::Fit::squash;
    const std::vector<float> found = preprocessed(image, preprocess);
    for (std::size_t i = 0; i < found.size(); ++i) {
      const std::size_t channel = i / 256, pixel = i % 256;
      const std::uint8_t value = image.pixels[pixel * 3 + (mode == "caffe" ? 2 - channel : channel)];
      ASSERT_EQ(found[i], keras(mode, value, channel)) << mode << " " << i;
    }
  }
}

std::string refusal(const Json& json) {
  try {
    image_preprocess_from_json(json, "preprocess.json");
    return "";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::data);
    return error.text().where;
  }
}

TEST(Preprocess, NamesTheFieldThatIsWrongInARecord) {
  const std::vector<std::pair<std::string, Json>> changes{{"size", 224.5},          {"size", 0},
                                                          {"size", "224"},          {"size", 1e300},
                                                          {"fit", "stretch"},       {"fit", 1},
                                                          {"crop_fraction", 0},     {"crop_fraction", 1.5},
                                                          {"crop_fraction", 1e-9},  {"filter", "cubic"},
                                                          {"mean", {1, 2}},         {"mean", {1, 2, "3"}},
                                                          {"deviation", {1, 1, 0}}, {"scaled_decode", 1},
                                                          {"version", 2},           {"deviation", nullptr},
                                                          {"size", 4294967296},     {"mean", {1e300, 0, 0}},
                                                          {"divisor", 0},           {"divisor", "255"},
                                                          {"channels", "grb"},      {"channels", 0}};
  for (const auto& [field, value] : changes) {
    Json json = to_json(ImagePreprocess{});
    json[field] = value;
    EXPECT_EQ(refusal(json), "preprocess.json: " + field) << value;
  }
}

TEST(Preprocess, RefusesAMissingAndAnUnknownField) {
  const Json whole = to_json(ImagePreprocess{});
  for (const auto& item : whole.items()) {
    if (item.key() == "divisor" || item.key() == "channels") continue;
    Json json = whole;
    json.erase(item.key());
    EXPECT_EQ(refusal(json), "preprocess.json: " + item.key());
  }
  Json json = whole;
  json["colour"] = 1;
  EXPECT_EQ(refusal(json), "preprocess.json: colour");
  EXPECT_NE(refusal(Json::array()), "");
}

}  // namespace
}  // namespace enxerto
