#include "enxerto/data/example_groups.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "enxerto/base/error.h"
#include "enxerto/data/ignored_entries.h"
#include "enxerto/data/path_pattern.h"

namespace enxerto {
bool is_group_pattern(const std::string& text) { return text.find('(') != std::string::npos; }

ExampleGroups example_groups(const Dataset& dataset, std::span<const std::size_t> positions,
                             const std::string& pattern) {
  std::optional<PathPattern> regex;
  if (!pattern.empty()) regex.emplace(pattern, "group");
  ExampleGroups found;
  std::map<std::string, std::size_t> sizes;
  for (const std::size_t position : positions) {
    const auto example = dataset.get(position);
    found.names.push_back(regex ? regex->captured(example->id()) : example->group());
    if (found.names.back().empty())
      ++found.alone;
    else
      found.largest = std::max(found.largest, ++sizes[found.names.back()]);
  }
  found.groups = sizes.size();
  if (sizes.empty()) {
    if (regex && !positions.empty())
      throw usage_error(
          "group", fmt::format("'{}' matches nothing in the path of any example", printable(pattern)),
          fmt::format("a pattern that matches paths like {}", printable(dataset.get(positions.front())->id())));
    found.names.clear();
  }
  return found;
}

}  // namespace enxerto
