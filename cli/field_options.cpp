#include "field_options.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <type_traits>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/report/figures.h"
#include "enxerto/workflow/recipe_aliases.h"

namespace enxerto::cli {
namespace {

constexpr std::array<std::pair<std::string_view, const char*>, 8> kGroups{{{"data", "Data"},
                                                                           {"backbone", "Network"},
                                                                           {"input", "Network"},
                                                                           {"head", "Network"},
                                                                           {"loss", "Training"},
                                                                           {"training", "Training"},
                                                                           {"run", "Run"},
                                                                           {"cache", "Run"}}};

struct OldOption {
  std::string_view old, now;
};

/// Older names that are still taken, and that --help does not show.
constexpr std::array kOldOptions{OldOption{"--held-out", "--test-split"}, OldOption{"--rows", "--cache-dtype"}};

std::string group_of(std::string_view table) {
  for (const auto& [name, group] : kGroups) {
    if (name == table) return group;
  }
  return "";
}

/// "What to do with an unreadable picture: error | skip", "Share of each class .. (0.2)".
std::string about(const BoundSetting& field) {
  std::string text = capitalised(std::string(field.help));
  const std::vector<std::string> words = field.allowed_words();
  if (!words.empty()) return fmt::format("{}: {}", text, fmt::join(words, " | "));
  const Json value = written(field);
  if (value.is_number() && value != 0) text += fmt::format(" ({})", value.get<double>());
  if (value.is_string() && !value.get_ref<const std::string&>().empty())
    text += fmt::format(" ({})", value.get<std::string>());
  return text;
}

bool has_words(const BoundSetting& field) {
  return std::holds_alternative<WordSlot>(field.slot) || field.words != nullptr;
}

bool switches_off(std::string_view option) { return option.starts_with("--no-"); }

void copy(const BoundSetting& from, const BoundSetting& to) {
  std::visit(
      [&](const auto& slot) {
        using Slot = std::decay_t<decltype(slot)>;
        if constexpr (!std::is_same_v<Slot, WordSlot>) *std::get<Slot>(to.slot) = *slot;
      },
      from.slot);
}

}  // namespace

void FieldOptions::add(std::initializer_list<std::string_view> keys, const std::string& group) {
  for (const std::string_view key : keys) {
    const std::size_t dot = std::min(key.find('.'), key.size() - 1);
    const auto known = std::ranges::find_if(fields_, [&](const RecipeField& field) {
      return field.table == key.substr(0, dot) && field.field.key == key.substr(dot + 1);
    });
    if (known == fields_.end()) throw std::logic_error(fmt::format("no key '{}'", key));
    add_row(static_cast<std::size_t>(known - fields_.begin()), group);
  }
}

void FieldOptions::add_all() {
  for (std::size_t row = 0; row < fields_.size(); ++row) add_row(row, "");
}

void FieldOptions::add_row(std::size_t row, const std::string& group) {
  const std::string_view name = fields_[row].option;
  Option* option = add_named(row, name);
  const std::string heading = group.empty() ? group_of(fields_[row].table) : group;
  if (!heading.empty()) option->group(heading);
  for (const OldOption& old : kOldOptions) {
    if (old.now == name) add_named(row, old.old)->group("");
  }
}

Option* FieldOptions::add_named(std::size_t row, std::string_view name) {
  const BoundSetting& field = fields_[row].field;
  const std::string names(name), help = about(field);
  Typed typed{.row = row, .name = name, .option = nullptr, .word = std::make_unique<std::string>()};
  if (has_words(field)) {
    typed.option = command_.add_option(names, *typed.word, help)->suggest(field.allowed_words());
  } else if (std::holds_alternative<bool*>(field.slot)) {
    typed.option = command_.add_flag(names, switches_off(name) ? fmt::format("Do not {}", field.help) : help);
  } else {
    std::visit(
        [&](const auto& slot) {
          using Slot = std::decay_t<decltype(slot)>;
          if constexpr (std::is_pointer_v<Slot> && !std::is_same_v<Slot, bool*>)
            typed.option = command_.add_option(names, *slot, help);
          if constexpr (std::is_same_v<Slot, std::vector<std::string>*> ||
                        std::is_same_v<Slot, std::vector<std::int64_t>*>)
            typed.option->separated_by(',');
        },
        field.slot);
  }
  options_.push_back(std::move(typed));
  return options_.back().option;
}

void FieldOptions::apply(Recipe& recipe) const {
  const std::vector<RecipeField> asked = recipe_fields(recipe);
  for (const Typed& typed : options_) {
    if (!typed.option->given()) continue;
    const RecipeField& to = asked[typed.row];
    if (typed.name != to.option)
      recipe.notices.push_back(fmt::format("{} is an old name, now {}", typed.name, to.option));
    if (has_words(to.field)) {
      assign_word(to.field, current_word(to.table, to.field.key, *typed.word), typed.name);
    } else if (auto* const* flag = std::get_if<bool*>(&to.field.slot)) {
      **flag = !switches_off(typed.name);
    } else {
      copy(fields_[typed.row].field, to.field);
    }
  }
}

}  // namespace enxerto::cli
