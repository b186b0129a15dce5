#include "enxerto/media/image/text_line_preprocessor.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/media/image/linear_resize.h"
#include "tests/media/pattern.h"

namespace enxerto {
namespace {

std::vector<Tensor> encoded(const Preprocessor& preprocessor, const Image& image) {
  OwnSlots slots(preprocessor.inputs());
  (void)preprocessor.encode(std::vector<Field>{as_field(image)}, {.where = "line.png"}, slots);
  return slots.take();
}

TEST(TextLinePreprocessor, KeepsTheProportionsAndPadsAfterNormalising) {
  const auto preprocessor = text_line_preprocessor({}, "record");
  const Image image = pattern(150, 40);
  const std::vector<Tensor> inputs = encoded(*preprocessor, image);
  ASSERT_EQ(inputs[0].shape(), (Shape{40, 3, 48, 8}));
  EXPECT_EQ(inputs[2].as<std::int64_t>()[0], 320);
  const Image line = resize_linear(image, 180, 48);
  const auto values = inputs[0].as<float>();
  for (std::size_t x = 0; x < 320; ++x)
    for (std::size_t c = 0; c < 3; ++c) {
      const float value = values[x / 8 * 3 * 48 * 8 + c * 48 * 8 + 5 * 8 + x % 8];
      const float wanted =
          x < 180 ? (static_cast<float>(line.pixels[(5 * 180 + x) * 3 + 2 - c]) / 255.F - 0.5F) / 0.5F : 0;
      ASSERT_EQ(value, wanted) << x << " " << c << ": blue first";
    }
}

TEST(TextLinePreprocessor, CountsTheRowsThatAreAnswered) {
  const auto preprocessor = text_line_preprocessor({.reach = 5}, "record");
  for (const auto& [width, rows, answered] :
       std::vector<std::array<std::int64_t, 3>>{{100, 40, 40}, {332, 42, 41}, {333, 42, 42}, {336, 42, 42}}) {
    const std::vector<Tensor> inputs = encoded(*preprocessor, pattern(static_cast<int>(width), 48));
    EXPECT_EQ(inputs[0].shape()[0], rows) << width;
    const auto mask = inputs[1].as<std::int64_t>();
    EXPECT_EQ(std::count(mask.begin(), mask.end(), 1), answered) << width;
    EXPECT_EQ(inputs[2].as<std::int64_t>()[0], std::max<std::int64_t>(width, 320));
  }
}

TEST(TextLinePreprocessor, RefusesAPictureOfOnePixelsHeightAndOneThatIsTooLong) {
  const auto preprocessor = text_line_preprocessor({}, "record");
  for (const auto& [width, height] : {std::pair{40, 1}, std::pair{4000, 20}}) {
    try {
      (void)encoded(*preprocessor, pattern(width, height));
      FAIL() << width;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::data);
      EXPECT_EQ(error.text().where, "line.png");
    }
  }
  EXPECT_THROW(preprocessor->check_readable(std::vector<Field>{as_field(pattern(40, 1))}, "line.png"), Error);
}

TEST(TextLinePreprocessor, IsShownInRowsThatPeopleCanRead) {
  const auto preprocessor = text_line_preprocessor({}, "record");
  const std::vector<Field> line{as_field(pattern(901, 36))};
  const std::optional<Preview> shown = preprocessor->preview(line, {.where = "line.png"}, 150);
  ASSERT_TRUE(shown.has_value());
  const Image seen = decode_image(shown->bytes, "preview");
  EXPECT_EQ(seen.width, 150) << "five rows of 181 px";
  EXPECT_EQ(seen.height, 149);
}

TEST(TextLinePreprocessor, IsItsRecord) {
  const TextLinePreprocess odd{.height = 32, .least = 64, .step = 4, .reach = 2, .mean = {0.1F, 0.2F, 0.3F}};
  const auto preprocessor = text_line_preprocessor(odd, "record");
  EXPECT_EQ(preprocessor_from_record(preprocessor->record(), "record")->record(), preprocessor->record());
  for (const char* key : {"height", "least", "most", "step", "reach", "mean", "deviation", "channels", "divisor"}) {
    Json record = preprocessor->record();
    record[key] = "no";
    EXPECT_THROW((void)preprocessor_from_record(record, "record"), Error) << key;
    record.erase(key);
    EXPECT_THROW((void)preprocessor_from_record(record, "record"), Error) << key;
  }
  Json record = preprocessor->record();
  record["hight"] = 3;
  EXPECT_THROW((void)preprocessor_from_record(record, "record"), Error);
}

}  // namespace
}  // namespace enxerto
