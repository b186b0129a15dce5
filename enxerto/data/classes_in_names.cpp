#include "enxerto/data/classes_in_names.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "enxerto/data/path_pattern.h"

namespace enxerto {
namespace {

/// What is before the number at the end, words at the beginning, and numbers before a line.
constexpr std::array<std::string_view, 3> kForms{"^(.+?)[ _.-]*[(]?[0-9]+[)]?[.][A-Za-z0-9]+$",
                                                 "^([^_.(0-9-]+?) *[_.(0-9-]", "^([0-9]+)[_-]"};
constexpr std::size_t kLeastOfClass = 3;  // examples, on average

std::optional<ClassesInNames> found_by(const std::string& pattern, std::span<const std::string> names) {
  const PathPattern beginning(pattern, "pattern");
  std::map<std::string, std::size_t> counts;
  std::size_t fitting = 0;
  for (const std::string& name : names) {
    const std::string word = beginning.captured(name);
    fitting += word.empty() ? 0 : 1;
    if (!word.empty()) ++counts[word];
  }
  const bool nearly_all = 10 * fitting >= 9 * names.size();
  if (!nearly_all || counts.size() < 2 || counts.size() * kLeastOfClass > fitting) return std::nullopt;
  ClassesInNames found{.pattern = pattern, .classes = {}};
  for (const auto& [word, count] : counts) found.classes.push_back(word);
  return found;
}

}  // namespace

std::vector<ClassesInNames> classes_in_names(std::span<const std::string> names) {
  std::vector<ClassesInNames> all;
  for (const std::string_view form : kForms) {
    auto found = found_by(std::string(form), names);
    const bool is_new = found && std::ranges::find(all, found->classes, &ClassesInNames::classes) == all.end();
    if (is_new) all.push_back(*std::move(found));
  }
  return all;
}

}  // namespace enxerto
