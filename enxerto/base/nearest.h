#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace enxerto {

/// The candidate that needs the fewest edits (insert, delete, replace, swap of neighbours; Damerau 1964) to become
/// `word`; nullopt where none is near enough to be a slip of the finger. The first of equals.
std::optional<std::string> nearest(std::string_view word, std::span<const std::string> candidates);

/// "; did you mean 'x'?" or, where nothing is near, "".
std::string did_you_mean(std::string_view word, std::span<const std::string> candidates);

}  // namespace enxerto
