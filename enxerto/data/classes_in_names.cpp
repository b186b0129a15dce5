#include "enxerto/data/classes_in_names.h"

#include <array>
#include <cstddef>
#include <map>
#include <string_view>

#include "enxerto/data/path_pattern.h"

namespace enxerto {
namespace {

/// Words, and numbers before a line.
constexpr std::array<std::string_view, 2> kBeginnings{"^([^_.0-9-]+)[_.0-9-]", "^([0-9]+)[_-]"};
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

std::optional<ClassesInNames> classes_in_names(std::span<const std::string> names) {
  for (const std::string_view beginning : kBeginnings)
    if (auto found = found_by(std::string(beginning), names)) return found;
  return std::nullopt;
}

}  // namespace enxerto
