#include "enxerto/data/mask_names.h"

#include <gtest/gtest.h>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

using Named = std::map<std::int64_t, std::string>;

std::string names_refusal(std::string_view text) {
  try {
    (void)parse_mask_names(text, "classes.txt");
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::data);
    return error.what();
  }
  return "";
}

TEST(MaskNames, AreReadInTheFormsThatToolsWrite) {
  EXPECT_EQ(parse_mask_names("7 traffic light\n0\tsky\r\n\n3: 'a b'\n", "f").of_value,
            (Named{{7, "traffic light"}, {0, "sky"}, {3, "a b"}}));
  EXPECT_EQ(parse_mask_names("Pixel Value, Class\n0, road\n1, car\n", "f").of_value, (Named{{0, "road"}, {1, "car"}}));
  const MaskNames alone = parse_mask_names("traffic light\nsky\n", "f");
  EXPECT_FALSE(alone.numbered);
  EXPECT_EQ(alone.of_value, (Named{{0, "traffic light"}, {1, "sky"}}));
}

TEST(MaskNames, HaveOneForAllOtherValues) {
  const MaskNames names = parse_mask_names("1 person\n* ignore\n", "f");
  EXPECT_EQ(names.of_others, "ignore");
  EXPECT_TRUE(is_ignored_name(*names.of_others));
  EXPECT_TRUE(is_ignored_name("Unlabelled"));
  EXPECT_FALSE(is_ignored_name("background"));
}

TEST(MaskNames, AreRefusedWithTheirLine) {
  EXPECT_NE(names_refusal("1 a\n1 b\n").find("classes.txt:2: the value 1 is there twice"), std::string::npos);
  EXPECT_NE(names_refusal("1 a\nsky\n2 c\n").find("classes.txt:2"), std::string::npos);
  EXPECT_NE(names_refusal("1 a\n70000 b\n").find("70000"), std::string::npos);
  EXPECT_NE(names_refusal("1 a\n* b\n* c\n").find("classes.txt:3"), std::string::npos);
  EXPECT_NE(names_refusal("\n \n").find("no names"), std::string::npos);
}

}  // namespace
}  // namespace enxerto
