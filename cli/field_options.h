#pragma once
#include <cstddef>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "command.h"
#include "enxerto/workflow/recipe_fields.h"

namespace enxerto::cli {

/// Options of a command that are keys of a recipe. Must not move once options were added.
class FieldOptions {
 public:
  explicit FieldOptions(Command& command) : command_(command) {}
  FieldOptions(const FieldOptions&) = delete;
  FieldOptions& operator=(const FieldOptions&) = delete;

  /// These keys, "table.key", as options; `group` of --help, "" for each table's own.
  void add(std::initializer_list<std::string_view> keys, const std::string& group = "");

  /// Every key that has an option.
  void add_all();

  /// Sets the keys that were typed. Throws Error{usage} for a word that a key does not have.
  void apply(Recipe& recipe) const;

 private:
  struct Typed {
    std::size_t row;  // of recipe_fields()
    std::string_view name;
    Option* option;
    std::unique_ptr<std::string> word;
  };

  void add_row(std::size_t row, const std::string& group);
  Option* add_named(std::size_t row, std::string_view name);

  Command& command_;
  Recipe typed_;
  std::vector<RecipeField> fields_ = recipe_fields(typed_);
  std::vector<Typed> options_;
};

}  // namespace enxerto::cli
