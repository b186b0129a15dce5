#pragma once
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace enxerto {

/// Classes that the names of files seem to say.
struct ClassesInNames {
  std::string pattern;               ///< for `TableOptions::label`: "^([^_.0-9-]+)"
  std::vector<std::string> classes;  ///< that it finds, in order
};

/// What nearly all of the names begin with: a word ("cat.1.jpg", "Persian cat_12.png") or a number before a line
/// ("7_jackson_3.wav"). nullopt where that is one thing only, or something else in most of them.
std::optional<ClassesInNames> classes_in_names(std::span<const std::string> names);

}  // namespace enxerto
