#include "enxerto/data/example_groups.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <regex>

#include "enxerto/base/error.h"
#include "enxerto/data/ignored_entries.h"

namespace enxerto {
namespace {

/// Beyond that the matcher's recursion could reach the end of the stack.
constexpr std::size_t kLongestPath = 4096;

std::regex compiled(const std::string& pattern) {
  std::optional<std::regex> regex;
  try {
    regex.emplace(pattern, std::regex::ECMAScript | std::regex::optimize);
  } catch (const std::regex_error&) {
  }
  if (!regex || regex->mark_count() != 1)
    throw usage_error("group",
                      fmt::format("'{}' {}", printable(pattern),
                                  regex ? fmt::format("has {} captures", regex->mark_count())
                                        : std::string("is not a regular expression")),
                      "a regular expression with one capture",
                      R"('patient(\d+)_', which finds 12 in patient12_left.png)");
  return *regex;
}

std::string captured(const std::regex& regex, const std::string& path) {
  std::smatch found;
  if (path.size() > kLongestPath || !std::regex_search(path, found, regex)) return {};
  return found[1].str();
}

}  // namespace

bool is_group_pattern(const std::string& text) { return text.find('(') != std::string::npos; }

ExampleGroups example_groups(const Dataset& dataset, std::span<const std::size_t> positions,
                             const std::string& pattern) {
  std::optional<std::regex> regex;
  if (!pattern.empty()) regex = compiled(pattern);
  ExampleGroups found;
  std::map<std::string, std::size_t> sizes;
  for (const std::size_t position : positions) {
    const auto example = dataset.get(position);
    found.names.push_back(regex ? captured(*regex, example->id()) : example->group());
    if (found.names.back().empty())
      ++found.alone;
    else
      found.largest = std::max(found.largest, ++sizes[found.names.back()]);
  }
  found.groups = sizes.size();
  if (sizes.empty()) {
    if (regex && !positions.empty())
      throw usage_error(
          "group", fmt::format("'{}' finds nothing in the path of any example", printable(pattern)),
          fmt::format("a pattern that fits paths like {}", printable(dataset.get(positions.front())->id())));
    found.names.clear();
  }
  return found;
}

}  // namespace enxerto
