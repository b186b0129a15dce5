#include "recipe_options.h"

#include "enxerto/base/error.h"

namespace enxerto::cli {

RecipeOptions::RecipeOptions(Command& command) : fields_(command) {
  command.add_option("--recipe", file_, "A recipe file (TOML), e.g. MODEL/recipe.toml; options override it");
  fields_.add_all();
  command.add_flag("--resume", resume_, "Continue from the checkpoint of a run that was stopped")->group("Training");
}

namespace {

/// A share that the recipe keeps for the test gives way to test data that are named beside it.
void give_way(const Recipe& written, Recipe& recipe) {
  if (recipe.data.test != written.data.test && recipe.data.test_split == written.data.test_split)
    recipe.data.test_split = Recipe{}.data.test_split;
}

}  // namespace

Recipe RecipeOptions::recipe() const {
  const Recipe written = file_.empty() ? Recipe{} : read_recipe(file_);
  Recipe recipe = written;
  fields_.apply(recipe);
  give_way(written, recipe);
  recipe.resume = resume_;
  if (recipe.data.path.empty())
    throw usage_error("DATA", "missing",
                      "training data: a folder, a table or another form that 'enxerto inspect' reads",
                      "enxerto train --help");
  check(recipe);
  return recipe;
}

}  // namespace enxerto::cli
