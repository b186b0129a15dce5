#include "enxerto/workflow/recipe.h"

#include <algorithm>
#include <filesystem>
#include <initializer_list>
#include <variant>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"
#include "enxerto/base/nearest.h"
#include "enxerto/files/read.h"
#include "enxerto/files/toml.h"
#include "enxerto/workflow/disk_paths.h"
#include "enxerto/workflow/recipe_aliases.h"
#include "enxerto/workflow/recipe_fields.h"

namespace enxerto {
namespace {

constexpr std::size_t kLargestRecipe = 1 << 20;
constexpr std::size_t kMostPhases = 100;
constexpr std::string_view kPhase = "phase";

[[noreturn]] void fail(std::string_view where, std::string found, std::string expected = "") {
  throw usage_error(std::string(where), std::move(found), std::move(expected));
}

std::vector<std::string> tables_of(const std::vector<RecipeField>& fields) {
  std::vector<std::string> tables;
  for (const RecipeField& field : fields) {
    if (tables.empty() || tables.back() != field.table) tables.emplace_back(field.table);
  }
  return tables;
}

/// "data." in front of a key.
std::string below(std::string_view table) { return table.empty() ? "" : fmt::format("{}.", table); }

/// One reading of one file.
class RecipeReader {
 public:
  explicit RecipeReader(std::string_view where) : where_(where) {}

  Recipe read(const Json& root) {
    Recipe recipe;
    const auto fields = recipe_fields(recipe);
    std::vector<std::string> tables = tables_of(fields);
    tables.emplace_back(kPhase);
    for (const auto& [table, members] : root.items()) {
      if (table == kPhase) {
        recipe.phases = read_phases(members);
        continue;
      }
      const bool known = std::find(tables.begin(), tables.end(), table) != tables.end();
      if (known && !members.is_object())
        fail(where_, fmt::format("'{}' is not a table", table), fmt::format("[{}] once, with keys below it", table));
      if (!known) {
        fail(where_, fmt::format("unknown table '{}'{}", table, did_you_mean(table, tables)),
             fmt::format("{}", fmt::join(tables, ", ")));
      }
      for (const auto& [key, value] : members.items())
        read_key({.table = table, .family = table, .title = fmt::format("[{}]", table)}, key, value, fields);
    }
    for (const RecipeField& field : fields) check(field.field, fmt::format("{}: {}.", where_, field.table));
    if (!renamed_.empty())
      recipe.notices.push_back(fmt::format("{} has old names: {}", where_, fmt::join(renamed_, ", ")));
    return recipe;
  }

 private:
  struct Place {
    std::string_view table;   ///< of the fields
    std::string_view family;  ///< of the older names
    std::string title;        ///< how the file names the table
  };

  void read_key(const Place& place, const std::string& key, const Json& value, const std::vector<RecipeField>& fields) {
    const std::string_view now = current_key(place.family, key);
    std::vector<std::string> keys;
    for (const RecipeField& field : fields) {
      if (field.table != place.table) continue;
      if (field.field.key == now) {
        if (now != key) note_renamed(key, now);
        return read_field(renewed(place, now, value), field.field, fmt::format("{}: {}.{}", where_, place.title, key));
      }
      keys.emplace_back(field.field.key);
    }
    fail(where_, fmt::format("unknown key '{}' in {}{}", key, place.title, did_you_mean(key, keys)),
         fmt::format("{}", fmt::join(keys, ", ")));
  }

  Json renewed(const Place& place, std::string_view key, const Json& value) {
    if (!value.is_string()) return value;
    const auto word = value.get<std::string>();
    const std::string_view now = current_word(place.family, key, word);
    if (now != word) note_renamed(word, now);
    return now;
  }

  void note_renamed(std::string_view old, std::string_view now) {
    const std::string text = fmt::format("{} (now {})", old, now);
    if (std::find(renamed_.begin(), renamed_.end(), text) == renamed_.end()) renamed_.push_back(text);
  }

  Phase read_phase(const Json& members, std::size_t number) {
    const std::string title = fmt::format("[[phase]] {}", number);
    if (!members.is_object()) fail(where_, title + " is not a table", "[[phase]] with keys below it");
    Phase phase;
    const std::vector<RecipeField> fields = phase_fields(phase);
    for (const auto& [key, value] : members.items()) {
      if (key != "augmentation") {
        read_key({.table = "", .family = kPhase, .title = title}, key, value, fields);
        continue;
      }
      if (!value.is_object()) fail(where_, title + ": augmentation is not a table", "augmentation = { flip = true }");
      for (const auto& [name, one] : value.items())
        read_key({.table = key, .family = key, .title = title + ".augmentation"}, name, one, fields);
    }
    for (const RecipeField& field : fields)
      check(field.field, fmt::format("{}: phase {}: {}", where_, number, below(field.table)));
    return phase;
  }

  std::vector<Phase> read_phases(const Json& phases) {
    if (!phases.is_array() || phases.size() > kMostPhases)
      fail(where_, "'phase' is not a list of tables, or is longer than 100", "[[phase]] for each phase");
    std::vector<Phase> read;
    for (const Json& members : phases) read.push_back(read_phase(members, read.size() + 1));
    return read;
  }

  std::string_view where_;
  std::vector<std::string> renamed_;
};

Json to_json(Phase phase) {
  Json json = Json::object();
  for (const RecipeField& field : phase_fields(phase)) {
    Json& table = field.table.empty() ? json : json[std::string(field.table)];
    table[std::string(field.field.key)] = written(field.field);
  }
  return json;
}

std::string toml_without(std::initializer_list<std::string_view> tables, const Recipe& recipe) {
  Recipe copy = recipe;
  Json root = Json::object();
  for (const RecipeField& field : recipe_fields(copy)) {
    if (std::ranges::find(tables, field.table) != tables.end()) continue;
    root[std::string(field.table)][std::string(field.field.key)] = written(field.field);
  }
  for (const Phase& phase : recipe.phases) root[std::string(kPhase)].push_back(to_json(phase));
  return to_toml(root);
}

}  // namespace

Recipe recipe_from_toml(std::string_view text, std::string_view where) {
  return RecipeReader(where).read(parse_toml(text, where));
}

Recipe read_recipe(const std::filesystem::path& path) {
  return recipe_from_toml(read_text(path, kLargestRecipe, ErrorKind::usage), path.string());
}

std::string to_toml(const Recipe& recipe) { return toml_without({}, recipe); }

std::string to_portable_toml(const Recipe& recipe) {
  Recipe copy = recipe;
  bool shortened = false;
  for (const RecipeField& field : recipe_fields(copy)) {
    auto* const* text = std::get_if<std::string*>(&field.field.slot);
    if (text == nullptr || !std::filesystem::path(**text).is_absolute()) continue;
    **text = last_name(**text);
    shortened = shortened || (field.table != "output" && field.table != "cache");
  }
  return (shortened ? "# Absolute paths are shortened to their last name: write them in full again.\n" : "") +
         toml_without({"output", "cache"}, copy);
}

void check(const Recipe& recipe) {
  Recipe copy = recipe;
  for (const RecipeField& field : recipe_fields(copy)) check(field.field, below(field.table));
  for (std::size_t i = 0; i < copy.phases.size(); ++i) {
    for (const RecipeField& field : phase_fields(copy.phases[i]))
      check(field.field, fmt::format("phase {}: {}", i + 1, below(field.table)));
  }
}

}  // namespace enxerto
