#include "text.h"

#include <algorithm>
#include <cctype>

#include <fmt/core.h>

#include "enxerto/base/by_reason.h"
#include "enxerto/data/ignored_entries.h"

namespace enxerto::cli {
namespace {

bool starts_as_number(std::string_view cell) {
  return !cell.empty() && (std::isdigit(static_cast<unsigned char>(cell[0])) != 0 || cell[0] == '-');
}

}  // namespace

void print_labelled(std::string_view label, std::string_view text, std::size_t width) {
  const std::string padding(std::max(width, width_of(label) + 2) - width_of(label), ' ');
  fmt::print("{}{}{}\n", label, padding, on_terminal(text));
}

std::string timing_text(const std::vector<std::pair<std::string, double>>& seconds) {
  std::string text;
  for (const auto& [part, taken] : seconds) text += fmt::format("{}{} {:.2f} s", text.empty() ? "" : ", ", part, taken);
  return text;
}

Json timing_json(const std::vector<std::pair<std::string, double>>& seconds) {
  Json json = Json::object();
  for (const auto& [part, taken] : seconds) json[part] = json.value(part, 0.0) + taken;
  return json;
}

Json skipped_json(const std::vector<BadExample>& skipped) {
  Json json = Json::array();
  for (const auto& bad : skipped) json.push_back({{"name", bad.id}, {"reason", bad.reason}});
  return json;
}

void print_skipped(const std::vector<BadExample>& skipped) {
  constexpr std::size_t kNamed = 10;
  if (skipped.empty()) return;
  print_labelled("skipped", fmt::format("{}", skipped.size()));
  std::vector<std::pair<std::string, std::string>> named;
  for (const BadExample& one : skipped) named.emplace_back(one.id, one.reason);
  std::size_t left = kNamed;
  for (const Reason& reason : by_reason(named)) {
    if (left == 0) break;
    const std::size_t shown = std::min(left, reason.names.size());
    for (std::size_t i = 0; i < shown; ++i) fmt::print("  {}\n", on_terminal(reason.names[i]));
    fmt::print("    {}\n", on_terminal(reason.text));
    left -= shown;
  }
  if (skipped.size() > kNamed) fmt::print("  and {} more (--json lists all)\n", skipped.size() - kNamed);
}

std::string on_terminal(std::string_view text) {
  std::string shown;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of("\n\t"), text.size());
    shown += printable(text.substr(0, end));
    if (end < text.size()) shown += text[end];
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return shown;
}

std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char character) { return (static_cast<unsigned char>(character) & 0xC0U) != 0x80U; }));
}

std::string shell_word(const std::string& text) {
  const bool plain = !text.empty() && std::ranges::all_of(text, [](unsigned char c) {
    return std::isalnum(c) != 0 || c >= 0x80 ||
           std::string_view("/._-+,:@%").find(static_cast<char>(c)) != std::string::npos;
  });
  if (plain) return text;
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

namespace {

/// Of what is to be printed.
std::vector<std::size_t> column_widths(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()), 0);
    for (std::size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], width_of(printable(row[c])));
  }
  return widths;
}

}  // namespace

std::string table(const std::vector<std::vector<std::string>>& given) {
  std::vector<std::vector<std::string>> rows = given;
  for (auto& row : rows)
    for (std::string& cell : row) cell = printable(cell);
  const std::vector<std::size_t> widths = column_widths(rows);
  const auto numbers = [&](std::size_t column) {
    return rows.size() > 1 && std::ranges::all_of(rows.begin() + 1, rows.end(), [&](const auto& row) {
             return column >= row.size() || row[column] == "–" || starts_as_number(row[column]);
           });
  };
  std::vector<bool> right;
  for (std::size_t c = 0; c < widths.size(); ++c) right.push_back(numbers(c));
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t c = 0; c < row.size(); ++c) {
      const std::string padding(widths[c] - width_of(row[c]), ' ');
      line += (right[c] ? padding + row[c] : row[c] + padding) + "  ";
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

std::string folded_table(const std::vector<std::vector<std::string>>& rows, std::size_t width) {
  constexpr std::size_t kBetween = 2;
  const std::vector<std::size_t> widths = column_widths(rows);
  std::string text;
  for (std::size_t begin = 1, end = 1; begin < widths.size(); begin = end) {
    std::size_t used = widths.front();
    while (end < widths.size() && (end == begin || used + kBetween + widths[end] <= width))
      used += kBetween + widths[end++];
    std::vector<std::vector<std::string>> part;
    for (const auto& row : rows) {
      part.push_back({row.front()});
      for (std::size_t c = begin; c < std::min(end, row.size()); ++c) part.back().push_back(row[c]);
    }
    text += (begin > 1 ? "\n" : "") + table(part);
  }
  return widths.size() < 2 ? table(rows) : text;
}

}  // namespace enxerto::cli
