#include "enxerto/data/yolo_config.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/data/yaml_entries.h"

namespace enxerto {
namespace {

std::optional<std::int64_t> number_of(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

/// A table whose keys are the numbers 0, 1, .. in any order, or a list.
std::vector<std::string> names_of(const YamlEntry& entry, const YamlEntries& entries) {
  std::map<std::int64_t, std::string> numbered;
  std::vector<std::string> names;
  for (const std::string& item : entry.items) {
    const std::size_t colon = find_outside_quotes(item, ":");
    const auto number =
        colon == std::string::npos ? std::nullopt : number_of(trimmed_yaml(std::string_view(item).substr(0, colon)));
    if (number)
      numbered[*number] = unquoted(item.substr(colon + 1));
    else
      names.push_back(unquoted(item));
  }
  if (!numbered.empty() && !names.empty()) entries.fail(entry.line, "names with and without numbers", "one of the two");
  for (auto& [number, name] : numbered) {
    if (number != static_cast<std::int64_t>(names.size()))
      entries.fail(entry.line, fmt::format("no name for the class {}", names.size()),
                   "the numbers 0, 1, .. without a gap");
    names.push_back(std::move(name));
  }
  return names;
}

std::vector<std::string> paths_of(const YamlEntry& entry) {
  std::vector<std::string> paths;
  if (!entry.value.empty()) paths.push_back(unquoted(entry.value));
  for (const std::string& item : entry.items) paths.push_back(unquoted(item));
  return paths;
}

}  // namespace

YoloConfig parse_yolo_config(std::string_view text, std::string_view where) {
  const YamlEntries entries(text, where);
  YoloConfig config;
  if (const YamlEntry* found = entries.find("path")) config.path = unquoted(found->value);
  for (const auto& [key, paths] : {std::pair{"train", &config.train},
                                   {"val", &config.validation},
                                   {"validation", &config.validation},
                                   {"test", &config.test}})
    if (const YamlEntry* found = entries.find(key)) *paths = paths_of(*found);
  const YamlEntry* names = entries.find("names");
  if (names == nullptr) throw data_error(std::string(where), "no names", "names: [cat, dog], one for each class");
  config.names = names_of(*names, entries);
  if (config.names.empty()) entries.fail(names->line, "no names", "one for each class");
  for (std::size_t i = 0; i < config.names.size(); ++i)
    if (std::ranges::count(config.names, config.names[i]) > 1)
      entries.fail(names->line, fmt::format("the name '{}' appears twice", config.names[i]),
                   "a different name for each class");
  if (const YamlEntry* count = entries.find("nc")) {
    const auto number = number_of(count->value);
    if (number != static_cast<std::int64_t>(config.names.size()))
      entries.fail(count->line, fmt::format("nc: {} with {} names", count->value, config.names.size()),
                   "a name for each class");
  }
  return config;
}

}  // namespace enxerto
