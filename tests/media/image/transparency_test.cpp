#include "enxerto/media/image/transparency.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

std::vector<std::byte> bytes_of(std::string_view digits) {
  std::vector<std::byte> bytes;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
    bytes.push_back(static_cast<std::byte>(std::stoi(std::string(digits.substr(i, 2)), nullptr, 16)));
  return bytes;
}

std::vector<int> pixels_of(std::string_view digits) {
  const Image image = decode_on_paper(bytes_of(digits), "line.png");
  return {image.pixels.begin(), image.pixels.end()};
}

/// Each grey thrice.
std::vector<int> greys(const std::vector<int>& values) {
  std::vector<int> all;
  for (const int value : values) all.insert(all.end(), 3, value);
  return all;
}

// 4 x 2 px that are 0, 64, 128, 255, then 255, 255, 0, 0 opaque, as Pillow 11 writes them.
constexpr std::string_view kBlackInk =
    "89504e470d0a1a0a0000000d49484452000000040000000208060000007fa87d630000001b49444154789c636080000706068606060686ff0c"
    "50"
    "e23f54820100397a03be520050ca0000000049454e44ae426082";
constexpr std::string_view kBlackInkInGrey =
    "89504e470d0a1a0a0000000d4948445200000004000000020804000000d5a1b5e80000001849444154789c05c10101000008c320a23d9acd27"
    "c0"
    "9c48f01f7c03beef196d450000000049454e44ae426082";
constexpr std::string_view kBlackInkInWebp =
    "5249464622000000574542505650384c160000002f034000101f1011028164b4cc568f187f208fe87f04";
constexpr std::string_view kWhiteInk =
    "89504e470d0a1a0a0000000d49484452000000040000000208060000007fa87d630000001e49444154789c25c1410100300800a1b3d9a2d91c"
    "1f"
    "83101e1606faa6ea00944311b2b9c8c66c0000000049454e44ae426082";
// (10, 20, 30) and (250, 250, 250) opaque, one that is not there, (200, 100, 0) half there.
constexpr std::string_view kMixed =
    "89504e470d0a1a0a0000000d49484452000000040000000108060000"
    "00f93c0fcd0000001949444154789c63e01291fbffebd7afff0c0c0c0c2752181a003e7106d59410fedd0000000049454e44ae426082";
// 0, 10, 20 .. 230, all opaque.
constexpr std::string_view kOpaque =
    "89504e470d0a1a0a0000000d49484452000000040000000208060000007fa87d630000001949444154789c6364e012f92f2727c700c32c1515"
    "15"
    "0cc8020057e004a7ae708aa00000000049454e44ae426082";
// (0, 0, 0), which is transparent, and (40, 80, 120) in turn, in a palette.
constexpr std::string_view kPalette =
    "89504e470d0a1a0a0000000d4948445200000004000000010103000000c3f29d8e00000006504c5445000000285078775c0acd000000017452"
    "4e"
    "530040e6d8660000000a49444154789c6308000000520051f721d9b70000000049454e44ae426082";

TEST(DecodeOnPaper, LaysInkOnWhite) {
  const std::vector<int> wanted = greys({255, 191, 127, 0, 0, 0, 255, 255});
  EXPECT_EQ(pixels_of(kBlackInk), wanted);
  EXPECT_EQ(pixels_of(kBlackInkInGrey), wanted);
  EXPECT_EQ(pixels_of(kBlackInkInWebp), wanted);
  EXPECT_EQ(pixels_of(kMixed), (std::vector<int>{10, 20, 30, 250, 250, 250, 255, 255, 255, 227, 177, 127}));
  EXPECT_EQ(pixels_of(kPalette), (std::vector<int>{255, 255, 255, 40, 80, 120, 255, 255, 255, 40, 80, 120}));
}

TEST(DecodeOnPaper, LaysLightInkOnBlack) { EXPECT_EQ(pixels_of(kWhiteInk), greys({0, 64, 128, 255, 255, 255, 0, 0})); }

TEST(DecodeOnPaper, LeavesWhatIsOpaqueAsItIs) {
  const Image plain = decode_image(bytes_of(kOpaque), "line.png");
  EXPECT_EQ(pixels_of(kOpaque), std::vector<int>(plain.pixels.begin(), plain.pixels.end()));
  EXPECT_EQ(pixels_of(kOpaque).back(), 230);
}

TEST(DecodeOnPaper, RefusesADamagedPicture) {
  EXPECT_THROW((void)pixels_of(kBlackInk.substr(0, 140)), Error);
  EXPECT_THROW((void)pixels_of(""), Error);
}

}  // namespace
}  // namespace enxerto
