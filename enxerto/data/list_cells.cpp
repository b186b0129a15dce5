#include "enxerto/data/list_cells.h"

#include "enxerto/data/csv_file.h"
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
    entries.push_back(entry.is_string() ? entry.get<std::string>() : entry.dump());
  }
  return entries;
}

/// What is between quotation marks, of either kind; what is not is none. A backslash takes the next byte as it is.
std::optional<std::vector<std::string>> quoted(std::string_view inside) {
  std::vector<std::string> entries;
  for (std::size_t i = 0; i < inside.size(); ++i) {
    const char mark = inside[i];
    if (mark == ' ' || mark == ',' || mark == '\n') continue;
    if (mark != '\'' && mark != '"') return std::nullopt;
    std::string entry;
    for (++i; i < inside.size() && inside[i] != mark; ++i) {
      if (inside[i] == '\\' && i + 1 < inside.size()) ++i;
      entry += inside[i];
    }
    if (i == inside.size()) return std::nullopt;
    entries.push_back(std::move(entry));
  }
  return entries;
}

}  // namespace

std::optional<std::vector<std::string>> written_list(std::string_view cell) {
  cell = trimmed(cell);
  if (!is_enclosed(cell)) return std::nullopt;
  if (auto entries = json_list(cell)) return entries;
  return quoted(cell.substr(1, cell.size() - 2));
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
