#include "enxerto/data/csv_number.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "enxerto/base/lower_case.h"
#include "enxerto/data/csv_file.h"

namespace enxerto {

std::optional<float> csv_number(std::string_view cell) {
  cell = trimmed(cell);
  if (cell.starts_with('+') && !cell.starts_with("+-")) cell.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (error != std::errc() || end != cell.data() + cell.size()) return std::nullopt;
  if (!(std::abs(value) <= static_cast<double>(std::numeric_limits<float>::max()))) return std::nullopt;
  return static_cast<float>(value);
}

std::optional<double> plain_number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

std::optional<bool> csv_flag(std::string_view cell) {
  if (const auto number = csv_number(cell)) {
    if (*number == 0.0F || *number == 1.0F) return *number == 1.0F;
    return std::nullopt;
  }
  const std::string word = lower_case(trimmed(cell));
  if (word == "true" || word == "yes") return true;
  if (word == "false" || word == "no") return false;
  return std::nullopt;
}

bool is_not_finite(std::string_view cell) {
  cell = trimmed(cell);
  if (cell.starts_with('+')) cell.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  return !cell.empty() && end == cell.data() + cell.size() && error != std::errc::invalid_argument && !csv_number(cell);
}

bool says_nothing(std::string_view cell) {
  constexpr std::array<std::string_view, 9> kWords{"n/a", "na", "#n/a", "none", "null", "-", "--", "?", "missing"};
  const std::string word = lower_case(trimmed(cell));
  return std::ranges::find(kWords, word) != kWords.end();
}

bool is_gap(std::string_view cell) { return says_nothing(cell) || is_not_finite(cell); }

namespace {

/// "1500", "1.500", "1 500,00": digits, in groups of three where something stands between them, and decimals.
bool is_written_number(std::string_view text) {
  constexpr std::size_t kOfGroup = 3;
  std::vector<std::size_t> groups{0};
  std::string between;
  for (const char c : text) {
    if (c >= '0' && c <= '9') {
      ++groups.back();
    } else if (c == '.' || c == ',' || c == ' ') {
      between += c;
      groups.push_back(0);
    } else {
      return false;
    }
  }
  if (groups.front() == 0 || groups.back() == 0) return false;
  if (between.empty()) return true;
  // The last sign may be that of decimals, where it is another one or the only one.
  const bool decimals = between.size() == 1 || between.back() != between.front();
  const std::size_t of_three = groups.size() - (decimals ? 1 : 0);
  if (between.find_first_not_of(between.front()) < between.size() - 1) return false;
  if (decimals && between.back() == ' ' && groups.back() != kOfGroup) return false;
  for (std::size_t i = 1; i < of_three; ++i)
    if (groups[i] != kOfGroup) return false;
  return groups.size() <= 2 || groups.front() <= kOfGroup;
}

}  // namespace

bool is_number_with_unit(std::string_view cell) {
  constexpr std::size_t kLongestUnit = 6;  // bytes: "R$ ", "€", " km/h"
  cell = trimmed(cell);
  const std::size_t first = cell.find_first_of("0123456789"), last = cell.find_last_of("0123456789");
  if (first == std::string_view::npos) return false;
  const std::string_view before = cell.substr(0, first), after = cell.substr(last + 1);
  if (before.size() > kLongestUnit || after.size() > kLongestUnit || csv_number(cell) || has_decimal_comma(cell) ||
      !is_written_number(cell.substr(first, last + 1 - first)))
    return false;
  // A letter before the digits makes a name of them, unless it is of a currency.
  const auto of_sign = [](char c) { return c == '$' || static_cast<unsigned char>(c) >= 0x80; };
  const auto is_letter = [](char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; };
  if (std::ranges::any_of(before, is_letter) && std::ranges::none_of(before, of_sign)) return false;
  const auto of_unit = [&](char c) { return is_letter(c) || of_sign(c) || c == '%' || c == ' ' || c == '/'; };
  const auto of_begin = [&](char c) { return is_letter(c) || of_sign(c) || c == ' ' || c == '-' || c == '+'; };
  return std::ranges::all_of(before, of_begin) && std::ranges::all_of(after, of_unit);
}

bool has_decimal_comma(std::string_view cell) {
  std::string number(trimmed(cell));
  const std::size_t comma = number.find(',');
  if (comma == std::string::npos || comma == 0 || comma + 1 == number.size()) return false;
  number[comma] = '.';
  return csv_number(number).has_value();
}

}  // namespace enxerto
