#include "enxerto/base/setting.h"

#include <gtest/gtest.h>

#include <cmath>

#include "enxerto/base/error.h"

namespace enxerto {

enum class Fruit { apple, pear };
template <>
inline constexpr std::array<std::string_view, 2> kWords<Fruit>{"apple", "pear"};

namespace {

struct Basket {
  double weight = 1;
  std::vector<std::int64_t> counts = {};
  std::string colour = "red";
  Fruit fruit = Fruit::apple;
};

std::vector<std::string> colours() { return {"red", "green"}; }

constexpr std::array kFields{
    Setting<Basket>{"weight", [](Basket& b) -> SettingSlot { return &b.weight; }, "", kAboveZero},
    Setting<Basket>{"counts", [](Basket& b) -> SettingSlot { return &b.counts; }, "", from_to(1, 9)},
    Setting<Basket>{"colour", [](Basket& b) -> SettingSlot { return &b.colour; }, "", {}, colours},
    Setting<Basket>{"fruit", [](Basket& b) -> SettingSlot { return word_slot(b.fruit); }, ""},
};

std::string refusal(const Basket& basket) {
  try {
    check(std::span<const Setting<Basket>>(kFields), basket, "basket ");
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    return error.what();
  }
  return "";
}

TEST(Setting, RefusesANumberOutOfItsRangeAndOneThatIsNotFinite) {
  EXPECT_EQ(refusal({}), "");
  EXPECT_NE(refusal({.weight = 0}).find("basket weight: 0; expected a number above 0"), std::string::npos);
  EXPECT_NE(refusal({.weight = std::nan("")}), "");
  EXPECT_NE(refusal({.weight = INFINITY}), "");
  EXPECT_NE(refusal({.counts = {3, 10}}).find("from 1 to 9"), std::string::npos);
}

TEST(Setting, RefusesATextThatIsNoneOfItsWordsAndNamesTheNearest) {
  EXPECT_NE(refusal({.colour = "gren"}).find("did you mean 'green'"), std::string::npos);
}

TEST(Setting, GivesAnEnumerationItsValueByAWord) {
  Basket basket;
  assign_word(bind(kFields[3], basket), "pear", "fruit");
  EXPECT_EQ(basket.fruit, Fruit::pear);
  EXPECT_THROW(assign_word(bind(kFields[3], basket), "pera", "fruit"), Error);
}

TEST(NumberRange, SaysWhatItHolds) {
  EXPECT_EQ(from_to(0.01, 0.9).text(), "a number from 0.01 to 0.9");
  EXPECT_EQ(kBelowOne.text(), "a number of at least 0 and below 1");
  EXPECT_EQ((NumberRange{.low = 0, .high = 1, .low_open = true}).text(), "a number above 0 and at most 1");
}

}  // namespace
}  // namespace enxerto
