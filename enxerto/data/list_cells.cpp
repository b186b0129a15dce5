#include "enxerto/data/list_cells.h"

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <system_error>
#include <utility>

#include "enxerto/base/lines.h"
#include "enxerto/base/utf8.h"
#include "enxerto/data/csv_file.h"
#include "enxerto/data/csv_number.h"
#include "enxerto/files/json.h"

namespace enxerto {
namespace {

bool is_enclosed(std::string_view cell) {
  constexpr std::string_view kOpening = "[{(", kClosing = "]})";
  if (cell.size() < 2) return false;
  const std::size_t kind = kOpening.find(cell.front());
  return kind != std::string_view::npos && cell.back() == kClosing[kind];
}

std::optional<std::vector<std::string>> json_list(std::string_view cell) {
  const Json list = Json::parse(cell, nullptr, false);
  if (!list.is_array()) return std::nullopt;
  std::vector<std::string> entries;
  for (const Json& entry : list) {
    if (entry.is_structured()) return std::nullopt;
    if (!entry.is_null()) entries.push_back(entry.is_string() ? entry.get<std::string>() : entry.dump());
  }
  return entries;
}

/// The character that the digits behind \x, \u or \U say, taken off the front of `text`; nullopt where they say none.
std::optional<std::string> escaped(std::string_view& text) {
  const std::size_t digits = text.front() == 'x' ? 2 : text.front() == 'u' ? 4 : text.front() == 'U' ? 8 : 0;
  std::uint32_t code = 0;
  if (digits == 0) {
    const char character = text.front() == 'n' ? '\n' : text.front() == 't' ? '\t' : text.front();
    text.remove_prefix(1);
    return std::string(1, character);
  }
  if (text.size() <= digits) return std::nullopt;
  const auto [end, error] = std::from_chars(text.data() + 1, text.data() + 1 + digits, code, 16);
  const bool surrogate = code >= 0xD800 && code < 0xE000;
  if (error != std::errc() || end != text.data() + 1 + digits || surrogate || code > 0x10FFFF) return std::nullopt;
  text.remove_prefix(1 + digits);
  return point_text(code);
}

/// What is between quotation marks, of either kind; what is not is none. Escapes are Python's.
std::optional<std::vector<std::string>> quoted(std::string_view inside) {
  std::vector<std::string> entries;
  while (!inside.empty()) {
    const char mark = inside.front();
    inside.remove_prefix(1);
    if (mark == ' ' || mark == ',' || mark == '\n') continue;
    if (mark != '\'' && mark != '"') return std::nullopt;
    std::string entry;
    while (!inside.empty() && inside.front() != mark) {
      const char next = inside.front();
      inside.remove_prefix(1);
      if (next != '\\') {
        entry += next;
        continue;
      }
      const auto character = inside.empty() ? std::nullopt : escaped(inside);
      if (!character) return std::nullopt;
      entry += *character;
    }
    if (inside.empty()) return std::nullopt;
    inside.remove_prefix(1);
    entries.push_back(std::move(entry));
  }
  return entries;
}

/// Words or numbers without quotation marks, as NumPy writes numbers; those that say nothing are none.
std::optional<std::vector<std::string>> bare(std::string_view inside) {
  if (inside.find_first_of("'\"[]{}():") != std::string_view::npos) return std::nullopt;
  std::vector<std::string> entries;
  for (const std::string_view word : words_between(inside, inside.find(',') == std::string_view::npos ? " \n" : ","))
    if (const std::string_view entry = trimmed(word); !entry.empty() && !is_gap(entry)) entries.emplace_back(entry);
  return entries;
}

}  // namespace

std::optional<std::vector<std::string>> written_list(std::string_view cell) {
  cell = trimmed(cell);
  if (!is_enclosed(cell)) return std::nullopt;
  if (auto entries = json_list(cell)) return entries;
  const std::string_view inside = cell.substr(1, cell.size() - 2);
  if (auto entries = quoted(inside); entries || cell.front() != '[') return entries;
  return bare(inside);
}

std::vector<std::string> entries_of(std::string_view cell, char separator) {
  std::vector<std::string> entries;
  if (auto written = written_list(cell)) {
    for (const std::string& entry : *written)
      if (const std::string_view name = trimmed(entry); !name.empty()) entries.emplace_back(name);
    return entries;
  }
  while (!cell.empty()) {
    const std::size_t end = cell.find(separator);
    if (const std::string_view name = trimmed(cell.substr(0, end)); !name.empty()) entries.emplace_back(name);
    cell = end == std::string_view::npos ? std::string_view() : cell.substr(end + 1);
  }
  return entries;
}

}  // namespace enxerto
