#pragma once
#include <span>
#include <string_view>

#include "enxerto/base/setting.h"
#include "enxerto/workflow/recipe.h"

namespace enxerto {

/// A key of a recipe's tables, phases excepted, with the option of `enxerto train` that sets it.
struct RecipeRow {
  std::string_view table;
  Setting<Recipe> field;
  std::string_view option;
};

/// The one table of keys and options.
std::span<const RecipeRow> recipe_rows();

}  // namespace enxerto
