#include "enxerto/base/setting.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"
#include "enxerto/base/nearest.h"

namespace enxerto {
namespace {

void check_word(const BoundSetting& field, std::string_view name, std::string_view word) {
  const std::vector<std::string> words = field.allowed_words();
  if (words.empty() || (word.empty() && field.may_be_empty) || std::ranges::find(words, word) != words.end()) return;
  refuse_word(name, word, words);
}

}  // namespace

void refuse_word(std::string_view name, std::string_view word, const std::vector<std::string>& words) {
  throw usage_error(std::string(name), fmt::format("'{}'{}", word, did_you_mean(word, words)),
                    fmt::format("{}", fmt::join(words, " | ")));
}

bool NumberRange::contains(double value) const {
  if (!std::isfinite(value)) return false;
  return (low_open ? value > low : value >= low) && (high_open ? value < high : value <= high);
}

std::string NumberRange::text() const {
  const bool closed = !low_open && !high_open && std::isfinite(low) && std::isfinite(high);
  if (closed) return fmt::format("a number from {} to {}", low, high);
  if (std::isinf(low) && std::isinf(high)) return "a finite number";
  const std::string least = fmt::format("a number {} {}", low_open ? "above" : "of at least", low);
  return std::isinf(high) ? least : fmt::format("{} and {} {}", least, high_open ? "below" : "at most", high);
}

std::vector<std::string> BoundSetting::allowed_words() const {
  if (const auto* word = std::get_if<WordSlot>(&slot)) return {word->words.begin(), word->words.end()};
  return words == nullptr ? std::vector<std::string>{} : words();
}

void check_number(std::string_view name, double value, const NumberRange& range) {
  if (!range.contains(value)) throw usage_error(std::string(name), fmt::format("{}", value), range.text());
}

void check(const BoundSetting& field, std::string_view where) {
  const auto name = [&] { return fmt::format("{}{}", where, field.key); };
  const auto number = [&](double value) {
    if (!field.range.contains(value)) check_number(name(), value, field.range);
  };
  if (const auto* text = std::get_if<std::string*>(&field.slot); text != nullptr && field.words != nullptr)
    check_word(field, name(), **text);
  if (const auto* one = std::get_if<double*>(&field.slot)) number(**one);
  if (const auto* whole = std::get_if<std::int64_t*>(&field.slot)) number(static_cast<double>(**whole));
  if (const auto* list = std::get_if<std::vector<std::int64_t>*>(&field.slot)) {
    for (const std::int64_t value : **list) number(static_cast<double>(value));
  }
}

void assign_word(const BoundSetting& field, std::string_view word, std::string_view name) {
  if (const auto* slot = std::get_if<WordSlot>(&field.slot)) {
    if (!slot->assign(word)) check_word(field, name, word);
    return;
  }
  check_word(field, name, word);
  *std::get<std::string*>(field.slot) = word;
}

}  // namespace enxerto
