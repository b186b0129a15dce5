#include "enxerto/data/example_groups.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>

#include <re2/re2.h>

#include "enxerto/base/error.h"
#include "enxerto/data/ignored_entries.h"

namespace enxerto {
namespace {

/// Matched in time linear in the path, whatever the pattern.
std::unique_ptr<const RE2> compiled(const std::string& pattern) {
  RE2::Options options(RE2::Latin1);  // paths are bytes
  options.set_log_errors(false);
  auto regex = std::make_unique<const RE2>(pattern, options);
  if (!regex->ok() || regex->NumberOfCapturingGroups() != 1)
    throw usage_error(
        "group",
        fmt::format("'{}' {}", printable(pattern.substr(0, 200)),
                    regex->ok() ? fmt::format("has {} captures", regex->NumberOfCapturingGroups())
                                : "is not a regular expression: " + printable(regex->error().substr(0, 200))),
        "a regular expression with one capture", R"('patient(\d+)_', which finds 12 in patient12_left.png)");
  return regex;
}

std::string captured(const RE2& regex, const std::string& path) {
  std::string found;
  return RE2::PartialMatch(path, regex, &found) ? found : std::string();
}

}  // namespace

bool is_group_pattern(const std::string& text) { return text.find('(') != std::string::npos; }

ExampleGroups example_groups(const Dataset& dataset, std::span<const std::size_t> positions,
                             const std::string& pattern) {
  std::unique_ptr<const RE2> regex;
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
