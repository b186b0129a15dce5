#include "enxerto/workflow/recipe_fields.h"

#include <algorithm>
#include <array>
#include <type_traits>

#include "enxerto/base/error.h"
#include "enxerto/transfer/phase_fields.h"
#include "enxerto/workflow/recipe_rows.h"

namespace enxerto {
namespace {

bool all_of(const Json& list, bool (Json::*is)() const noexcept) {
  return list.is_array() && std::ranges::all_of(list, [&](const Json& one) { return (one.*is)(); });
}

/// Fills a slot of each type; false where the value is of another one.
struct Filling {
  const Json& value;

  bool operator()(std::string* slot) const { return take(value.is_string(), slot); }
  bool operator()(std::int64_t* slot) const { return take(value.is_number_integer(), slot); }
  bool operator()(double* slot) const { return take(value.is_number(), slot); }
  bool operator()(bool* slot) const { return take(value.is_boolean(), slot); }
  bool operator()(std::vector<std::int64_t>* slot) const { return take(all_of(value, &Json::is_number_integer), slot); }
  bool operator()(std::vector<std::string>* slot) const { return take(all_of(value, &Json::is_string), slot); }
  bool operator()(const WordSlot&) const { return value.is_string() || value.is_boolean(); }

 private:
  template <typename T>
  bool take(bool fits, T* slot) const {
    if (fits) *slot = value.get<T>();
    return fits;
  }
};

}  // namespace

std::vector<RecipeField> recipe_fields(Recipe& recipe) {
  std::vector<RecipeField> fields;
  for (const RecipeRow& row : recipe_rows()) fields.push_back({row.table, bind(row.field, recipe), row.option});
  return fields;
}

std::vector<RecipeField> phase_fields(Phase& phase) {
  std::vector<RecipeField> fields;
  for (const PhaseField& row : bind_fields(phase)) fields.push_back({row.table, row.field, ""});
  return fields;
}

Json written(const BoundSetting& field) {
  return std::visit(
      [](const auto& slot) -> Json {
        if constexpr (std::is_same_v<std::decay_t<decltype(slot)>, WordSlot>)
          return slot.word();
        else
          return *slot;
      },
      field.slot);
}

void read_field(const Json& value, const BoundSetting& field, const std::string& name) {
  constexpr std::array<std::string_view, 7> kTypes{
      "text", "a whole number", "a number", "true or false", "a list of whole numbers", "a list of strings", "text"};
  if (!std::visit(Filling{value}, field.slot))
    throw usage_error(name, "a value of another type", std::string(kTypes.at(field.slot.index())));
  if (!std::holds_alternative<WordSlot>(field.slot)) return;
  // refit = true is no text in TOML, and means one of the words.
  assign_word(field, value.is_boolean() ? value.dump() : value.get<std::string>(), name);
}

}  // namespace enxerto
