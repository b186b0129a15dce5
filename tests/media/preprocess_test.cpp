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
  std::ifstream list(std::string(ENXERTO_TEST_DATA) + "/media/preprocess.txt");
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
                                   .mean = {0.1F, 0.2F, 0.3F},
                                   .deviation = {1.0F / 3, 0.7F, 1e-3F},
                                   .scaled_decode = true,
                                   .version = 1};
  EXPECT_EQ(image_preprocess_from_json(Json::parse(to_json(preprocess).dump()), "f"), preprocess);
  EXPECT_EQ(image_preprocess_from_json(to_json({}), "f"), ImagePreprocess{});
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
                                                          {"size", 4294967296},     {"mean", {1e300, 0, 0}}};
  for (const auto& [field, value] : changes) {
    Json json = to_json(ImagePreprocess{});
    json[field] = value;
    EXPECT_EQ(refusal(json), "preprocess.json: " + field) << value;
  }
}

TEST(Preprocess, RefusesAMissingAndAnUnknownField) {
  const Json whole = to_json(ImagePreprocess{});
  for (const auto& item : whole.items()) {
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
