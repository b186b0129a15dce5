#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "enxerto/base/error.h"
#include "enxerto/media/image/image.h"

namespace enxerto {
namespace {

using Pixels = std::vector<std::uint8_t>;

Image read(std::string_view file) { return decode_image(std::as_bytes(std::span(file)), "x.ppm"); }

std::string error_of(std::string_view file) {
  try {
    read(file);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(Netpbm, ReadsBytesAndTextAlike) {
  EXPECT_EQ(read("P6\n# a comment\n2 1\n255\nabcdef").pixels, (Pixels{'a', 'b', 'c', 'd', 'e', 'f'}));
  EXPECT_EQ(read("P3 2 1 255  1 2 3 4 5 6").pixels, (Pixels{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(read("P5 2 1\n# nothing\n255\nab").pixels, (Pixels{'a', 'a', 'a', 'b', 'b', 'b'}));
  EXPECT_EQ(read("P2\n1 2\n255\n7\n255 # end").pixels, (Pixels{7, 7, 7, 255, 255, 255}));
}

TEST(Netpbm, ScalesSamplesByTheLargest) {
  EXPECT_EQ(read("P2 3 1 15     0 15 7").pixels, (Pixels{0, 0, 0, 255, 255, 255, 119, 119, 119}));
  EXPECT_EQ(read(std::string_view("P5 2 1 65535\n\xFF\xFF\x80\x80", 17)).pixels,
            (Pixels{255, 255, 255, 128, 128, 128}));
}

TEST(Netpbm, ReadsBitsAsBlackAndWhite) {
  EXPECT_EQ(read("P1 3 1\n1 0 1   \n").pixels, (Pixels{0, 0, 0, 255, 255, 255, 0, 0, 0}));
  const Image packed = read(std::string_view("P4 # rows\n9 2\n\x80\x80\x00\x00", 18));
  EXPECT_EQ(packed.pixels[0], 0);
  EXPECT_EQ(packed.pixels[3], 255);
  EXPECT_EQ(packed.pixels[24], 0);
  EXPECT_EQ(packed.pixels[27], 255);
}

TEST(Netpbm, RefusesWhatIsCutOffOrWrong) {
  EXPECT_NE(error_of("P6 20 10 255\nabcdef").find("the data end too early"), std::string::npos);
  EXPECT_NE(error_of("P3 20 10 255\n1 2 3 4 5").find("no number where one belongs"), std::string::npos);
  EXPECT_NE(error_of("P5 2 1 70000\nabcdefgh").find("1 to 65535"), std::string::npos);
  EXPECT_NE(error_of("P5 99999 99999 1\nabcdef").find("99999 x 99999"), std::string::npos);
  EXPECT_NE(error_of("P5 -2 1 255\nabcdefgh").find("no number"), std::string::npos);
}

}  // namespace
}  // namespace enxerto
