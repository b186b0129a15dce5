#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/base/setting.h"
#include "enxerto/files/json.h"
#include "enxerto/workflow/recipe.h"

namespace enxerto {

/// A key of a recipe, and everything that its reader, its writer, the checks, the options of `enxerto train`, their
/// --help and docs/recipes.md say of it.
struct RecipeField {
  std::string_view table;  ///< "data"; of a phase "" and "augmentation"
  BoundSetting field;
  std::string_view option;  ///< "-b,--backbone"; "--no-cache" sets a flag to false; "" where there is none
};

/// All keys but those of phases, which are no options: those of [training] change the last phase.
std::vector<RecipeField> recipe_fields(Recipe& recipe);

/// The keys of one [[phase]].
std::vector<RecipeField> phase_fields(Phase& phase);

/// The value of a field as a recipe file writes it.
Json written(const BoundSetting& field);

/// Fills a field. Throws Error{usage} naming `name` for a value of another type, and for a word that the field does not
/// have.
void read_field(const Json& value, const BoundSetting& field, const std::string& name);

/// The tables of all keys as Markdown: what docs/recipes.md has of them.
std::string key_tables();

}  // namespace enxerto
