#include "recipe_options.h"

#include "enxerto/base/error.h"

namespace enxerto::cli {

RecipeOptions::RecipeOptions(Command& command) : fields_(command) {
  command.add_option("--recipe", file_, "A recipe file (TOML), e.g. MODEL/recipe.toml; options override it");
  fields_.add_all();
  command.add_flag("--resume", resume_, "Continue from the checkpoint of a run that was stopped")->group("Training");
}

Recipe RecipeOptions::recipe() const {
  Recipe recipe = file_.empty() ? Recipe{} : read_recipe(file_);
  fields_.apply(recipe);
  recipe.resume = resume_;
  if (recipe.data.path.empty())
    throw usage_error("DATA", "missing",
                      "training data: a folder, a table or another form that 'enxerto inspect' reads",
                      "enxerto train --help");
  check(recipe);
  return recipe;
}

}  // namespace enxerto::cli
