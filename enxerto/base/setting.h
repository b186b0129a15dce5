#pragma once
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "enxerto/base/words.h"

namespace enxerto {

/// An enumeration's value, read and written by its words.
struct WordSlot {
  void* value;
  std::span<const std::string_view> words;
  std::string_view (*get)(const void* value);
  bool (*set)(void* value, std::string_view word);  ///< false, changing nothing, where it is no word

  std::string_view word() const { return get(value); }
  bool assign(std::string_view word) const { return set(value, word); }
};

template <typename Enum>
WordSlot word_slot(Enum& value) {
  return {.value = &value,
          .words = kWords<Enum>,
          .get = [](const void* from) { return word_of(*static_cast<const Enum*>(from)); },
          .set =
              [](void* to, std::string_view word) {
                const auto known = from_word<Enum>(word);
                if (known) *static_cast<Enum*>(to) = *known;
                return known.has_value();
              }};
}

/// Where an option's value lies, whatever its type.
using SettingSlot = std::variant<std::string*, std::int64_t*, double*, bool*, std::vector<std::int64_t>*,
                                 std::vector<std::string>*, WordSlot>;

/// The numbers that an option may have; never one that is not finite.
struct NumberRange {
  double low = -std::numeric_limits<double>::infinity(), high = std::numeric_limits<double>::infinity();
  bool low_open = false, high_open = false;  ///< the bound itself is out of range

  bool contains(double value) const;
  std::string text() const;  ///< "a number above 0 and at most 1"
};

inline constexpr NumberRange kNotNegative{.low = 0};
inline constexpr NumberRange kAboveZero{.low = 0, .low_open = true};
inline constexpr NumberRange kShare{.low = 0, .high = 1};
inline constexpr NumberRange kBelowOne{.low = 0, .high = 1, .high_open = true};

constexpr NumberRange from_to(double low, double high) { return {.low = low, .high = high}; }

/// One option of a struct: everything that whoever reads, writes, checks or explains it needs to know.
template <typename Owner>
struct Setting {
  std::string_view key;  ///< as recipes write it: "layer_decay"
  SettingSlot (*slot)(Owner& owner);
  std::string_view help;                          ///< half a sentence
  NumberRange range = {};                         ///< of a number, and of each of a list
  std::vector<std::string> (*words)() = nullptr;  ///< of a text: the only ones that it may be
  bool may_be_empty = false;                      ///< of a text with `words`: "" is left to the run
};

/// A field of one owner.
struct BoundSetting {
  std::string_view key;
  SettingSlot slot;
  std::string_view help;
  NumberRange range = {};
  std::vector<std::string> (*words)() = nullptr;
  bool may_be_empty = false;

  std::vector<std::string> allowed_words() const;  ///< empty where any text may stand, and of numbers
};

template <typename Owner>
BoundSetting bind(const Setting<Owner>& field, Owner& owner) {
  return {field.key, field.slot(owner), field.help, field.range, field.words, field.may_be_empty};
}

/// Throws Error{usage}, its `where` being "<where><key>", for a number that is out of its range and for a text that is
/// none of the words (naming the nearest).
void check(const BoundSetting& field, std::string_view where);

/// The same of all fields of `owner`.
template <typename Owner>
void check(std::span<const Setting<Owner>> fields, Owner owner, std::string_view where) {
  for (const Setting<Owner>& field : fields) check(bind(field, owner), where);
}

/// Throws Error{usage}, its `where` being `name`, for a word that is none of `words` (naming the nearest).
[[noreturn]] void refuse_word(std::string_view name, std::string_view word, const std::vector<std::string>& words);

/// The same of a number that is no field; `name` stands before the error.
void check_number(std::string_view name, double value, const NumberRange& range);

/// Gives a field of words one. Throws Error{usage}, beginning with `name`, where it is none (with the nearest).
void assign_word(const BoundSetting& field, std::string_view word, std::string_view name);

}  // namespace enxerto
