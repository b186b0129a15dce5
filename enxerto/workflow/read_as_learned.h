#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/base/progress.h"
#include "enxerto/data/dataset.h"
#include "enxerto/media/preprocessor.h"
#include "enxerto/workflow/recipe.h"

namespace enxerto {

/// What a model learned from, by its recipe; the defaults where it has none, and, with a notice, where that was edited
/// so that it cannot be read.
Recipe::Data learned_data(std::string_view recipe, Progress& progress);

/// Throws Error{data} naming `where` for examples of another medium than `preprocessor` reads, or, where a model
/// learned from `columns`, of another number of fields.
void require_readable_kind(const Preprocessor& preprocessor, const DatasetInfo& info, const std::string& where);
void require_as_many_fields(const DatasetInfo& info, const std::vector<std::string>& columns, const std::string& where);

}  // namespace enxerto
