#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "enxerto/files/read.h"
#include "enxerto/workflow/recipe_fields.h"

namespace enxerto {
namespace {

TEST(KeyTables, AreThoseOfTheDocs) {
  const std::string docs =
      read_text(std::filesystem::path(ENXERTO_RECIPES_DIR) / ".." / "docs" / "recipes.md", 1 << 20);
  const std::string begin = "<!-- keys -->\n", end = "<!-- end of keys -->";
  const std::size_t from = docs.find(begin), to = docs.find(end);
  ASSERT_TRUE(from != std::string::npos && to != std::string::npos);
  EXPECT_EQ(docs.substr(from + begin.size(), to - from - begin.size()), key_tables() + "\n")
      << "docs/recipes.md has to have, between its two marks:\n"
      << key_tables();
}

TEST(RecipeFields, HaveAnOptionEachThatNoOtherHas) {
  Recipe recipe;
  std::set<std::string_view> options;
  for (const RecipeField& row : recipe_fields(recipe)) {
    EXPECT_FALSE(row.option.empty()) << row.table << "." << row.field.key;
    EXPECT_TRUE(options.insert(row.option).second) << row.option;
    EXPECT_FALSE(row.field.help.empty()) << row.field.key;
  }
}

TEST(RecipeFields, OfAPhaseAreNoOptionsAndAreExplained) {
  Phase phase;
  std::set<std::string> keys;
  for (const RecipeField& row : phase_fields(phase)) {
    EXPECT_TRUE(row.option.empty());
    EXPECT_FALSE(row.field.help.empty()) << row.field.key;
    EXPECT_TRUE(keys.insert(std::string(row.table) + "." + std::string(row.field.key)).second) << row.field.key;
  }
}

TEST(RecipeFields, AcceptTheirDefaults) {
  Recipe recipe;
  recipe.phases.emplace_back();
  EXPECT_NO_THROW(check(recipe));
}

}  // namespace
}  // namespace enxerto
