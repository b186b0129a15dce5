#include "enxerto/workflow/recipe.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <variant>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"
#include "enxerto/base/nearest.h"
#include "enxerto/files/read.h"
#include "enxerto/files/toml.h"

namespace enxerto {
namespace {

constexpr std::size_t kLargestRecipe = 1 << 20;

using Slot = std::variant<std::string*, std::int64_t*, double*, bool*>;

/// A key of the file and the field it fills, with what may stand there.
struct Field {
  std::string_view table, key;
  Slot slot;
  std::vector<std::string> words = {};  ///< the only texts that are allowed; empty: any
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
};

std::vector<Field> fields_of(Recipe& recipe) {
  constexpr double kMost = 1e15;
  return {
      {"data", "path", &recipe.data.path},
      {"data", "test", &recipe.data.test},
      {"data", "validation", &recipe.data.validation},
      {"data", "held_out", &recipe.data.held_out, {}, 0.01, 0.9},
      {"data", "take", &recipe.data.take, {}, 0, kMost},
      {"data", "take_per_class", &recipe.data.take_per_class, {}, 0, kMost},
      {"data", "test_take", &recipe.data.test_take, {}, 0, kMost},
      {"data", "test_take_per_class", &recipe.data.test_take_per_class, {}, 0, kMost},
      {"data", "on_bad", &recipe.data.on_bad, {"error", "skip"}},
      {"backbone", "name", &recipe.backbone.name},
      {"backbone", "weights", &recipe.backbone.weights},
      {"input", "size", &recipe.input.size, {}, 0, 4096},
      {"input", "fit", &recipe.input.fit, {"auto", "crop", "squash"}},
      {"input", "scaled_decode", &recipe.input.scaled_decode},
      {"head", "l2", &recipe.head.l2, {}, 0, 1e12},
      {"head", "class_weights", &recipe.head.class_weights, {"none", "balanced"}},
      {"run", "seed", &recipe.run.seed, {}, 0, kMost},
      {"run", "threads", &recipe.run.threads, {}, 0, 1024},
      {"run", "batch", &recipe.run.batch, {}, 0, 4096},
      {"run", "precision", &recipe.run.precision, {"auto", "fp32", "bf16"}},
      {"cache", "enabled", &recipe.cache.enabled},
      {"cache", "directory", &recipe.cache.directory},
      {"cache", "limit_gb", &recipe.cache.limit_gb, {}, 0, 1e6},
      {"output", "path", &recipe.output.path},
      {"output", "replace", &recipe.output.replace},
  };
}

[[noreturn]] void fail(std::string_view where, std::string found, std::string expected = "") {
  throw Error(ErrorKind::usage,
              {.where = std::string(where), .found = std::move(found), .expected = std::move(expected), .tip = ""});
}

void check_field(const Field& field, std::string_view where) {
  const std::string name = fmt::format("{}{}.{}", where, field.table, field.key);
  if (const auto* text = std::get_if<std::string*>(&field.slot)) {
    if (field.words.empty()) return;
    for (const auto& word : field.words) {
      if (**text == word) return;
    }
    fail(name, fmt::format("'{}'{}", **text, did_you_mean(**text, field.words)),
         fmt::format("{}", fmt::join(field.words, " | ")));
  }
  double value = 0;
  if (const auto* number = std::get_if<double*>(&field.slot)) value = **number;
  if (const auto* whole = std::get_if<std::int64_t*>(&field.slot)) value = static_cast<double>(**whole);
  if (!std::isfinite(value) || value < field.low || value > field.high) {
    fail(name, fmt::format("{}", value), fmt::format("a number from {} to {}", field.low, field.high));
  }
}

void read_field(const Json& value, const Field& field, const std::string& name) {
  if (auto* const* text = std::get_if<std::string*>(&field.slot); text != nullptr && value.is_string()) {
    **text = value.get<std::string>();
  } else if (auto* const* flag = std::get_if<bool*>(&field.slot); flag != nullptr && value.is_boolean()) {
    **flag = value.get<bool>();
  } else if (auto* const* whole = std::get_if<std::int64_t*>(&field.slot);
             whole != nullptr && value.is_number_integer()) {
    **whole = value.get<std::int64_t>();
  } else if (auto* const* number = std::get_if<double*>(&field.slot); number != nullptr && value.is_number()) {
    **number = value.get<double>();
  } else {
    constexpr std::array<std::string_view, 4> kKinds{"a text", "a whole number", "a number", "true or false"};
    fail(name, "a value of another type", std::string(kKinds.at(field.slot.index())));
  }
}

/// Fills the field that `table`.`key` names.
void read_key(const std::string& table, const std::string& key, const Json& value, const std::vector<Field>& fields,
              std::string_view where) {
  std::vector<std::string> keys;
  for (const Field& field : fields) {
    if (field.table != table) continue;
    if (field.key == key) return read_field(value, field, fmt::format("{}: {}.{}", where, table, key));
    keys.emplace_back(field.key);
  }
  fail(where, fmt::format("unknown key '{}' in [{}]{}", key, table, did_you_mean(key, keys)),
       fmt::format("{}", fmt::join(keys, ", ")));
}

}  // namespace

Recipe recipe_from_toml(std::string_view text, std::string_view where) {
  Recipe recipe;
  const auto fields = fields_of(recipe);
  std::vector<std::string> tables;
  for (const Field& field : fields) {
    if (tables.empty() || tables.back() != field.table) tables.emplace_back(field.table);
  }
  const Json root = parse_toml(text, where);
  for (const auto& [table, members] : root.items()) {
    if (std::find(tables.begin(), tables.end(), table) == tables.end() || !members.is_object()) {
      fail(where, fmt::format("unknown table '{}'{}", table, did_you_mean(table, tables)),
           fmt::format("{}", fmt::join(tables, ", ")));
    }
    for (const auto& [key, value] : members.items()) read_key(table, key, value, fields, where);
  }
  for (const Field& field : fields) check_field(field, fmt::format("{}: ", where));
  return recipe;
}

Recipe read_recipe(const std::filesystem::path& path) {
  return recipe_from_toml(read_text(path, kLargestRecipe, ErrorKind::usage), path.string());
}

std::string to_toml(const Recipe& recipe) {
  Recipe copy = recipe;
  Json root = Json::object();
  for (const Field& field : fields_of(copy)) {
    Json& slot = root[std::string(field.table)][std::string(field.key)];
    std::visit([&](const auto* value) { slot = *value; }, field.slot);
  }
  return to_toml(root);
}

void check(const Recipe& recipe) {
  Recipe copy = recipe;
  for (const Field& field : fields_of(copy)) check_field(field, "");
}

}  // namespace enxerto
