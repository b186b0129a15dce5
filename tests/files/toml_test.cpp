#include "enxerto/files/toml.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/files/thrown.h"

namespace enxerto {
namespace {

TEST(Toml, ReadsARecipeInItsOrder) {
  const Json recipe = parse_toml(R"(
[head]
pool = "flatten"  # a comment
hidden = [256]
[backbone]
name = "vgg16"
[[phase]]
learning_rate = 1e-3
epochs = 10
[[phase]]
learning_rate = 1e-5
last = true
)",
                                 "recipe.toml");
  EXPECT_EQ(recipe.dump(), R"({"head":{"pool":"flatten","hidden":[256]},"backbone":{"name":"vgg16"},)"
                           R"("phase":[{"learning_rate":0.001,"epochs":10},{"learning_rate":1e-05,"last":true}]})");
}

TEST(Toml, NamesTheLineOfAnError) {
  expect_says(thrown_by([] { parse_toml("a = 1\nb = \n", "r.toml"); }), ErrorKind::usage, "r.toml, line 2");
  expect_says(thrown_by([] { parse_toml("a = 1\na = 2\n", "r.toml"); }), ErrorKind::usage, "r.toml, line 2");
  expect_says(thrown_by([] { parse_toml("\n\nday = 2020-01-01\n", "r.toml"); }), ErrorKind::usage, "line 3: a date");
  expect_says(thrown_by([] { parse_toml("a = \"\xff\"", "r.toml", ErrorKind::data); }), ErrorKind::data, "r.toml");
}

TEST(Toml, WritesWhatItReadsBackEqual) {
  const Json tree = {{"name", "tab\t \"quoted\" \\ ä \x01"},
                     {"count", -3},
                     {"rate", 1e-3},
                     {"whole", 2.0},
                     {"yes", true},
                     {"list", {1, 2, 3}},
                     {"mixed", {Json{{"a b", 1}}, 2}},
                     {"none", Json::array()},
                     {"table", {{"x", 1}, {"deep er", {{"y", "z"}}}, {"empty", Json::object()}}},
                     {"phase", Json::array({Json{{"a", 1}, {"b", {{"c", 2}}}}, Json{{"a", 2}}})}};
  EXPECT_EQ(parse_toml(to_toml(tree), "again"), tree) << to_toml(tree);
}

TEST(Toml, KeepsEveryDoubleExactlyAndItsKind) {
  for (const double value : {0.1, 1.0 / 3, 1e300, 5e-324, -0.0, 123456789012345680.0}) {
    const Json back = parse_toml(to_toml(Json{{"v", value}}), "again");
    ASSERT_TRUE(back["v"].is_number_float());
    EXPECT_EQ(std::signbit(back["v"].get<double>()), std::signbit(value));
    EXPECT_EQ(back["v"].get<double>(), value);
  }
}

TEST(Toml, LeavesNullMembersOutAndRefusesWhatTomlCannotSay) {
  EXPECT_EQ(to_toml(Json{{"a", nullptr}, {"b", 1}}), "b = 1\n");
  expect_says(thrown_by([] { to_toml(Json::array()); }), ErrorKind::usage, "root value that is not an object");
  expect_says(thrown_by([] { to_toml(Json{{"a", {1, nullptr}}}); }), ErrorKind::usage, "null");
  expect_says(thrown_by([] { to_toml(Json{{"a", UINT64_MAX}}); }), ErrorKind::usage, "2^63");
}

}  // namespace
}  // namespace enxerto
