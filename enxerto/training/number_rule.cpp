#include "enxerto/training/number_rule.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/nearest.h"

namespace enxerto {
namespace {

bool fits(const NumberRule& rule) {
  if (!std::isfinite(rule.value)) return false;
  const bool above = rule.low_open ? rule.value > rule.low : rule.value >= rule.low;
  const bool below = rule.high_open ? rule.value < rule.high : rule.value <= rule.high;
  return above && below;
}

std::string range_words(const NumberRule& rule) {
  const std::string low = fmt::format("{} {}", rule.low_open ? "above" : "of at least", rule.low);
  if (std::isinf(rule.high)) return "a number " + low;
  return fmt::format("a number {} and {} {}", low, rule.high_open ? "below" : "at most", rule.high);
}

}  // namespace

void check_numbers(std::string_view where, std::span<const NumberRule> rules) {
  const auto wrong = std::ranges::find_if_not(rules, fits);
  if (wrong == rules.end()) return;
  throw Error(ErrorKind::usage, {.where = fmt::format("{}: {}", where, wrong->field),
                                 .found = fmt::format("is {}", wrong->value),
                                 .expected = range_words(*wrong),
                                 .tip = ""});
}

void check_word(std::string_view where, const WordRule& rule) {
  if (std::ranges::find(rule.words, rule.word) != rule.words.end()) return;
  throw Error(ErrorKind::usage, {.where = fmt::format("{}: {}", where, rule.field),
                                 .found = fmt::format("'{}' is none{}", rule.word, did_you_mean(rule.word, rule.words)),
                                 .expected = fmt::format("one of {}", fmt::join(rule.words, ", ")),
                                 .tip = ""});
}

}  // namespace enxerto
