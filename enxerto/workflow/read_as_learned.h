#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/data/dataset.h"
#include "enxerto/media/preprocessor.h"

namespace enxerto {

/// The columns of a table that a model learned from, by its recipe; none where it learned from no table of such.
std::vector<std::string> learned_columns(std::string_view recipe);

/// The pattern that the paths of its files said their classes by; "" where there was none.
std::string learned_label(std::string_view recipe);

/// What a document was to it: `data.documents`.
std::string learned_documents(std::string_view recipe);

/// Throws Error{data} naming `where` for examples of another medium than `preprocessor` reads, or, where a model
/// learned from `columns`, of another number of fields.
void require_readable_kind(const Preprocessor& preprocessor, const DatasetInfo& info, const std::string& where);
void require_as_many_fields(const DatasetInfo& info, const std::vector<std::string>& columns, const std::string& where);

}  // namespace enxerto
