#include "enxerto/workflow/recipe.h"

#include <gtest/gtest.h>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

std::string refusal(std::string_view toml) {
  try {
    (void)recipe_from_toml(toml, "r.toml");
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    return error.what();
  }
  return "accepted";
}

TEST(Recipe, SurvivesTheWayToTomlAndBack) {
  Recipe recipe;
  recipe.data.path = "pictures \"of\" flowers";
  recipe.data.held_out = 0.25;
  recipe.input.size = 96;
  recipe.head.l2 = 0.001;
  recipe.cache.enabled = false;
  const std::string text = to_toml(recipe);
  EXPECT_EQ(to_toml(recipe_from_toml(text, "r.toml")), text);
  EXPECT_EQ(recipe_from_toml(text, "r.toml").data.path, recipe.data.path);
  EXPECT_EQ(recipe_from_toml(text, "r.toml").head.l2, 0.001);
}

TEST(Recipe, NamesTheNearestKeyAndTableForAnUnknownOne) {
  EXPECT_NE(refusal("[input]\nsze = 3\n").find("did you mean 'size'"), std::string::npos);
  EXPECT_NE(refusal("[imput]\nsize = 3\n").find("did you mean 'input'"), std::string::npos);
}

TEST(Recipe, RefusesValuesOfAnotherTypeOrOutOfRange) {
  EXPECT_NE(refusal("[input]\nsize = \"large\"\n").find("a whole number"), std::string::npos);
  EXPECT_NE(refusal("[data]\nheld_out = 1.5\n").find("0.01 to 0.9"), std::string::npos);
  EXPECT_NE(refusal("[data]\nheld_out = nan\n").find("held_out"), std::string::npos);
  EXPECT_NE(refusal("[run]\nprecision = \"fp23\"\n").find("did you mean 'fp32'"), std::string::npos);
  EXPECT_NE(refusal("size = 3\n").find("unknown table"), std::string::npos);
}

}  // namespace
}  // namespace enxerto
