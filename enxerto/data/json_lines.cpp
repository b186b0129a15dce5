#include "enxerto/data/json_lines.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/lower_case.h"
#include "enxerto/files/json.h"

namespace enxerto {
namespace {

constexpr std::size_t kLongestLine = std::size_t{16} << 20;
constexpr std::size_t kMostKeys = 65'536;

/// Takes the first line that is not empty off `text`; false at the end.
bool take_line(std::string_view& text, std::size_t& number, std::string_view& line) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    ++number;
    if (line.find_first_not_of(" \t\r") != std::string_view::npos) return true;
  }
  return false;
}

Json object_of(std::string_view line, const std::string& where) {
  if (line.size() > kLongestLine) throw data_error(where, "a line of more than 16 MiB", "less");
  Json object = parse_json(line, where);
  if (!object.is_object()) throw data_error(where, object.type_name(), "an object of JSON in each line");
  return object;
}

std::string cell_of(const Json& value) {
  if (value.is_null()) return "";
  if (value.is_string()) return value.get<std::string>();
  if (!value.is_array()) return value.dump();
  std::string list;
  for (const Json& entry : value) {
    if (!list.empty()) list += '|';
    list += cell_of(entry);
  }
  return list;
}

}  // namespace

bool is_json_lines_name(std::string_view name) {
  const std::string lower = lower_case(name);
  return lower.ends_with(".jsonl") || lower.ends_with(".ndjson");
}

std::vector<std::string> json_lines_keys(std::string_view text, const std::string& where, bool pass_bad) {
  std::vector<std::string> keys;
  std::string_view line;
  for (std::size_t number = 0; take_line(text, number, line);) {
    Json object;
    try {
      object = object_of(line, fmt::format("{}:{}", where, number));
    } catch (const Error&) {
      if (pass_bad) continue;
      throw;
    }
    for (const auto& [key, value] : object.items()) {
      if (std::ranges::find(keys, key) != keys.end()) continue;
      if (keys.size() == kMostKeys) throw data_error(where, "more than 65,536 different keys", "fewer");
      keys.push_back(key);
    }
  }
  return keys;
}

bool JsonLinesReader::next(std::vector<std::string>& fields) {
  std::string_view line;
  if (!take_line(text_, line_, line)) return false;
  const Json object = object_of(line, fmt::format("{}:{}", where_, line_));
  fields.assign(columns_.size(), "");
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    const auto found = object.find(columns_[c]);
    if (found == object.end()) continue;
    if (!found->is_string() && !found->is_null() && std::ranges::find(texts_, c) != texts_.end())
      throw data_error(fmt::format("{}:{}", where_, line_),
                       fmt::format("a {} under '{}'", found->type_name(), columns_[c]), "a text");
    fields[c] = cell_of(*found);
  }
  return true;
}

}  // namespace enxerto
