#include "enxerto/workflow/recipe.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"
#include "enxerto/base/nearest.h"
#include "enxerto/files/read.h"
#include "enxerto/files/toml.h"
#include "enxerto/workflow/recipe_fields.h"

namespace enxerto {
namespace {

constexpr std::size_t kLargestRecipe = 1 << 20;
constexpr std::size_t kMostPhases = 100;
constexpr std::string_view kPhase = "phase";

[[noreturn]] void fail(std::string_view where, std::string found, std::string expected = "") {
  throw Error(ErrorKind::usage,
              {.where = std::string(where), .found = std::move(found), .expected = std::move(expected), .tip = ""});
}

std::vector<std::string> tables_of(const std::vector<RecipeField>& fields) {
  std::vector<std::string> tables;
  for (const RecipeField& field : fields) {
    if (tables.empty() || tables.back() != field.table) tables.emplace_back(field.table);
  }
  return tables;
}

/// Fills the field that `table`.`key` names; `title` is how the file names the table.
void read_key(const std::string& table, const std::string& key, const Json& value,
              const std::vector<RecipeField>& fields, std::string_view where, std::string_view title) {
  std::vector<std::string> keys;
  for (const RecipeField& field : fields) {
    if (field.table != table) continue;
    if (field.key == key) return read_field(value, field, fmt::format("{}: {}.{}", where, title, key));
    keys.emplace_back(field.key);
  }
  fail(where, fmt::format("unknown key '{}' in {}{}", key, title, did_you_mean(key, keys)),
       fmt::format("{}", fmt::join(keys, ", ")));
}

Phase read_phase(const Json& members, std::size_t number, std::string_view where) {
  const std::string title = fmt::format("[[phase]] {}", number);
  if (!members.is_object()) fail(where, title + " is no table", "[[phase]] with keys below it");
  Phase phase;
  const std::vector<RecipeField> fields = phase_fields(phase);
  for (const auto& [key, value] : members.items()) {
    if (key != "augmentation") {
      read_key("", key, value, fields, where, title);
      continue;
    }
    if (!value.is_object()) fail(where, title + ": augmentation is no table", "augmentation = { flip = true }");
    for (const auto& [name, one] : value.items())
      read_key("augmentation", name, one, fields, where, title + ".augmentation");
  }
  for (const RecipeField& field : fields) check_field(field, fmt::format("{}: phase {}: ", where, number));
  return phase;
}

std::vector<Phase> read_phases(const Json& phases, std::string_view where) {
  if (!phases.is_array() || phases.size() > kMostPhases)
    fail(where, "'phase' is no list of tables, or longer than 100", "[[phase]] for each phase");
  std::vector<Phase> read;
  for (const Json& members : phases) read.push_back(read_phase(members, read.size() + 1, where));
  return read;
}

Json to_json(Phase phase) {
  Json json = Json::object();
  for (const RecipeField& field : phase_fields(phase)) {
    Json& table = field.table.empty() ? json : json[std::string(field.table)];
    std::visit([&](const auto* value) { table[std::string(field.key)] = *value; }, field.slot);
  }
  return json;
}

}  // namespace

Recipe recipe_from_toml(std::string_view text, std::string_view where) {
  Recipe recipe;
  const auto fields = recipe_fields(recipe);
  std::vector<std::string> tables = tables_of(fields);
  tables.emplace_back(kPhase);
  const Json root = parse_toml(text, where);
  for (const auto& [table, members] : root.items()) {
    if (table == kPhase) {
      recipe.phases = read_phases(members, where);
      continue;
    }
    if (std::find(tables.begin(), tables.end(), table) == tables.end() || !members.is_object()) {
      fail(where, fmt::format("unknown table '{}'{}", table, did_you_mean(table, tables)),
           fmt::format("{}", fmt::join(tables, ", ")));
    }
    for (const auto& [key, value] : members.items())
      read_key(table, key, value, fields, where, fmt::format("[{}]", table));
  }
  for (const RecipeField& field : fields) check_field(field, fmt::format("{}: ", where));
  return recipe;
}

Recipe read_recipe(const std::filesystem::path& path) {
  return recipe_from_toml(read_text(path, kLargestRecipe, ErrorKind::usage), path.string());
}

std::string to_toml(const Recipe& recipe) {
  Recipe copy = recipe;
  Json root = Json::object();
  for (const RecipeField& field : recipe_fields(copy)) {
    Json& slot = root[std::string(field.table)][std::string(field.key)];
    std::visit([&](const auto* value) { slot = *value; }, field.slot);
  }
  for (const Phase& phase : recipe.phases) root[std::string(kPhase)].push_back(to_json(phase));
  return to_toml(root);
}

void check(const Recipe& recipe) {
  Recipe copy = recipe;
  for (const RecipeField& field : recipe_fields(copy)) check_field(field, "");
  for (std::size_t i = 0; i < copy.phases.size(); ++i) {
    for (const RecipeField& field : phase_fields(copy.phases[i])) check_field(field, fmt::format("phase {}: ", i + 1));
  }
}

}  // namespace enxerto
