#include "option_name.h"

#include <fmt/format.h>

#include "enxerto/workflow/recipe_rows.h"

namespace enxerto::cli {

std::string option_of_key(std::string_view key) {
  for (const RecipeRow& row : recipe_rows()) {
    const std::size_t begin = std::string_view(row.option).find("--");
    if (begin != std::string_view::npos && key == fmt::format("{}.{}", row.table, row.field.key))
      return std::string(std::string_view(row.option).substr(begin));
  }
  return "";
}

}  // namespace enxerto::cli
