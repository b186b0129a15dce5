#pragma once
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "enxerto/files/json.h"
#include "enxerto/workflow/recipe.h"

namespace enxerto {

/// Where a key's value goes.
using RecipeSlot =
    std::variant<std::string*, std::int64_t*, double*, bool*, std::vector<std::int64_t>*, std::vector<std::string>*>;

/// A key of the file and the field that it fills, with what may stand there.
struct RecipeField {
  std::string_view table, key;
  RecipeSlot slot;
  std::vector<std::string> words = {};  ///< the only texts that are allowed; empty: any
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
};

/// The keys of the recipe's tables, and those of one [[phase]] with its table [phase.augmentation].
std::vector<RecipeField> recipe_fields(Recipe& recipe);
std::vector<RecipeField> phase_fields(Phase& phase);

/// Fills a field. Throws Error{usage} naming `name` for a value of another type.
void read_field(const Json& value, const RecipeField& field, const std::string& name);

/// Throws Error{usage} for a word that is not allowed (naming the nearest) and a number out of range.
void check_field(const RecipeField& field, std::string_view where);

}  // namespace enxerto
