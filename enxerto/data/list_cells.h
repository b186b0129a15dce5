#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace enxerto {

/// The entries of a cell that holds a list as programs write it: JSON ("[\"a\", \"b\"]"), Python and NumPy
/// ("['a', 'b']", "{'a'}", "('a',)", "['a' 'b']", "[1 2]"), or words in brackets. nullopt for any other cell.
std::optional<std::vector<std::string>> written_list(std::string_view cell);

/// Entries between separators, without spaces around them and empty ones; of a written list its own.
std::vector<std::string> entries_of(std::string_view cell, char separator);

}  // namespace enxerto
