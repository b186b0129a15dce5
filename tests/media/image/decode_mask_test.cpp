#include "enxerto/media/image/decode_mask.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "enxerto/base/error.h"
#include "enxerto/files/read.h"
#include "enxerto/media/image/encode_png.h"
#include "enxerto/media/image/image.h"

namespace enxerto {
namespace {

Tensor golden_picture(const std::string& name) {
  return read_file(std::string(ENXERTO_TEST_DATA) + "/media/" + name, 1 << 20);
}

NumberedPicture mask_of_golden(const std::string& name) { return decode_mask(golden_picture(name).bytes(), name); }

std::uint16_t largest(const NumberedPicture& mask) { return *std::ranges::max_element(mask.numbers); }

std::string mask_refusal(const std::string& name) {
  try {
    (void)mask_of_golden(name);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::data);
    return error.what();
  }
  return "";
}

TEST(DecodeMask, ReadsIndicesOfAPaletteAndNeverItsColours) {
  const std::vector<std::uint8_t> indices{0, 1, 2, 2, 1, 7};
  const std::vector<RgbColour> colours(8, RgbColour{200, 200, 200});
  const std::vector<std::byte> file = encode_palette_png(indices, 3, 2, colours);
  const NumberedPicture mask = decode_mask(file, "a.png");
  EXPECT_EQ(mask.width, 3);
  EXPECT_EQ(mask.height, 2);
  EXPECT_TRUE(std::ranges::equal(mask.numbers, indices));
}

TEST(DecodeMask, ReadsIndicesOfFewerBitsAndInterlacedOnes) {
  EXPECT_LE(largest(mask_of_golden("palette_1.png")), 1);
  EXPECT_LE(largest(mask_of_golden("palette_4.png")), 15);
  EXPECT_GT(largest(mask_of_golden("palette_4.png")), 1);
  EXPECT_NO_THROW(mask_of_golden("interlaced_palette.png"));
}

TEST(DecodeMask, ReadsGreyAsItIsStored) {
  EXPECT_EQ(largest(mask_of_golden("mode_1.png")), 1) << "one bit is not stretched to 255";
  EXPECT_LE(largest(mask_of_golden("grey4.png")), 15);
  EXPECT_GT(largest(mask_of_golden("grey16.png")), 255) << "sixteen bits are not cut";
  const NumberedPicture grey = mask_of_golden("mode_l.png");
  const Image same = decode_image(golden_picture("mode_l.png").bytes(), "mode_l.png");
  for (std::size_t i = 0; i < grey.numbers.size(); ++i) ASSERT_EQ(grey.numbers[i], same.pixels[i * 3]);
  EXPECT_NO_THROW(mask_of_golden("mode_la.png")) << "alpha is dropped";
}

TEST(DecodeMask, RefusesColoursAndFormatsThatChangeValues) {
  EXPECT_NE(mask_refusal("mode_rgb.png").find("in colours"), std::string::npos);
  EXPECT_NE(mask_refusal("grey.jpg").find("JPEG"), std::string::npos);
  EXPECT_NE(mask_refusal("pictures.txt").find("pictures.txt"), std::string::npos);
}

TEST(DecodeMask, NamesADamagedFile) {
  const Tensor whole = golden_picture("palette.png");
  try {
    (void)decode_mask(whole.bytes().first(whole.byte_size() / 2), "masks/half.png");
    ADD_FAILURE() << "half a file";
  } catch (const Error& error) {
    EXPECT_EQ(error.text().where, "masks/half.png");
    EXPECT_NE(error.text().found.find("corrupt PNG"), std::string::npos) << error.what();
  }
}

TEST(EncodePng, RefusesWhatIsNoPicture) {
  const std::vector<RgbColour> two(2, RgbColour{});
  const std::vector<std::uint8_t> indices{0, 2};
  EXPECT_THROW(encode_palette_png(indices, 2, 1, two), Error) << "an index beyond the palette";
  EXPECT_THROW(encode_palette_png(indices, 1, 1, two), Error) << "too many pixels";
  EXPECT_THROW(encode_palette_png({}, 0, 0, two), Error);
}

}  // namespace
}  // namespace enxerto
