#pragma once
#include <span>
#include <string>
#include <vector>

namespace enxerto {

/// Classes that the names of files seem to say.
struct ClassesInNames {
  std::string pattern;               ///< for `TableOptions::label`: "^([0-9]+)[_-]"
  std::vector<std::string> classes;  ///< that it finds, in order
};

/// Forms that nearly all of the names have: a word or more before a number ("english_setter_1.jpg"), a word at the
/// beginning ("cat.1.jpg"), a number before a line ("7_jackson_3.wav"). Of several nobody but the user knows which is
/// meant. Empty where they say one thing only, or another each.
std::vector<ClassesInNames> classes_in_names(std::span<const std::string> names);

}  // namespace enxerto
