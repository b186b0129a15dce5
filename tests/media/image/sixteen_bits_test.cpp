#include "enxerto/media/image/sixteen_bits.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "enxerto/files/read.h"

namespace enxerto {
namespace {

std::string golden(const char* name) { return std::string(ENXERTO_TEST_DATA "/media/") + name; }

bool golden_has_16_bits(const char* name) {
  const MappedFile file(golden(name), ErrorKind::data);
  return has_16_bits(file.bytes());
}

std::vector<std::byte> bytes_of(const std::vector<unsigned>& numbers) {
  std::vector<std::byte> bytes;
  for (const unsigned number : numbers) bytes.push_back(static_cast<std::byte>(number));
  return bytes;
}

/// A grey TIFF of 2 x 1 samples of 16 bits, little-endian.
std::vector<std::byte> tiff(unsigned first, unsigned second) {
  std::vector<unsigned> numbers{'I', 'I', 42, 0, 8, 0, 0, 0, 9, 0};
  const auto tag = [&](unsigned code, unsigned type, unsigned value) {
    for (const unsigned number : {code & 255U, code >> 8U, type, 0U, 1U, 0U, 0U, 0U, value & 255U, value >> 8U, 0U, 0U})
      numbers.push_back(number);
  };
  constexpr unsigned kShort = 3, kLong = 4, kData = 8 + 2 + 9 * 12 + 4;
  tag(256, kShort, 2);
  tag(257, kShort, 1);
  tag(258, kShort, 16);
  tag(259, kShort, 1);
  tag(262, kShort, 1);
  tag(273, kLong, kData);
  tag(277, kShort, 1);
  tag(278, kShort, 1);
  tag(279, kLong, 4);
  for (const unsigned number : {0U, 0U, 0U, 0U, first & 255U, first >> 8U, second & 255U, second >> 8U})
    numbers.push_back(number);
  return bytes_of(numbers);
}

TEST(SixteenBits, AreSeenFromTheHeader) {
  EXPECT_TRUE(golden_has_16_bits("grey16.png"));
  EXPECT_TRUE(golden_has_16_bits("grey16.tif"));
  for (const char* name : {"grey4.png", "mode_rgb.png", "mode_l.tif", "grey.jpg"})
    EXPECT_FALSE(golden_has_16_bits(name)) << name;
  EXPECT_FALSE(has_16_bits({}));
  EXPECT_FALSE(has_16_bits(bytes_of({'I', 'I', 42, 0, 255, 255, 255, 255})));
}

TEST(SixteenBits, OfWhichFewAreUsedAreTold) {
  EXPECT_EQ(few_of_16_bits(tiff(0, 4095)), "at most 4095 of 65535");
  EXPECT_EQ(few_of_16_bits(tiff(900, 16000)), "at most 16127 of 65535");
  EXPECT_EQ(few_of_16_bits(tiff(0, 65535)), "");
  EXPECT_EQ(few_of_16_bits(tiff(20000, 0)), "");
  const MappedFile whole(golden("grey16.png"), ErrorKind::data), other(golden("grey.jpg"), ErrorKind::data);
  EXPECT_EQ(few_of_16_bits(whole.bytes()), "");
  EXPECT_EQ(few_of_16_bits(other.bytes()), "");
}

}  // namespace
}  // namespace enxerto
