#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

#include "enxerto/workflow/recipe_fields.h"

namespace enxerto {
namespace {

std::string values_of(const BoundSetting& field) {
  const std::vector<std::string> words = field.allowed_words();
  if (!words.empty()) return fmt::format("{}", fmt::join(words, ", "));
  if (std::holds_alternative<bool*>(field.slot)) return "true, false";
  if (std::holds_alternative<std::string*>(field.slot)) return "a text";
  if (std::holds_alternative<std::vector<std::string>*>(field.slot)) return "a list of texts";
  if (std::holds_alternative<std::vector<std::int64_t>*>(field.slot)) return "a list of whole numbers";
  const NumberRange& range = field.range;
  const std::string number = std::holds_alternative<double*>(field.slot) ? "" : "whole, ";
  if (std::isinf(range.high) || range.high >= 1e9)
    return number + fmt::format("{} {}", range.low_open ? "above" : "from", range.low);
  return number + fmt::format("{}{} to {}{}", range.low_open ? "above " : "", range.low,
                              range.high_open ? "below " : "", range.high);
}

std::string default_of(const BoundSetting& field) {
  const Json value = written(field);
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number()) return fmt::format("{}", value.get<double>());
  return value.is_array() ? "" : value.dump();
}

std::string row_of(const RecipeField& row, bool with_option) {
  const std::string option =
      with_option ? fmt::format(" {} |", row.option.empty() ? "" : fmt::format("`{}`", row.option)) : "";
  return fmt::format("| `{}` |{} {} | {} | {} |\n", row.field.key, option, values_of(row.field), default_of(row.field),
                     row.field.help);
}

/// One table of Markdown for each table of the recipe.
std::string tables(const std::vector<RecipeField>& rows, bool with_option,
                   std::string_view (*title)(std::string_view)) {
  std::string text;
  const std::string_view* table = nullptr;
  for (const RecipeField& row : rows) {
    if (table == nullptr || *table != row.table) {
      text += fmt::format("\n`{}`\n\n| key |{} what may stand there | default | |\n|---|{}---|---|---|\n",
                          title == nullptr ? fmt::format("[{}]", row.table) : std::string(title(row.table)),
                          with_option ? " option |" : "", with_option ? "---|" : "");
    }
    table = &row.table;
    text += row_of(row, with_option);
  }
  return text;
}

std::string_view phase_title(std::string_view table) { return table.empty() ? "[[phase]]" : "[phase.augmentation]"; }

}  // namespace

std::string key_tables() {
  Recipe recipe;
  Phase phase;
  return tables(recipe_fields(recipe), true, nullptr) + tables(phase_fields(phase), false, phase_title);
}

}  // namespace enxerto
