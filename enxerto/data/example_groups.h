#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "enxerto/data/dataset.h"

namespace enxerto {

/// In place of a pattern: every example stands alone.
inline constexpr const char* kNoGroups = "none";

/// True for a text that is a pattern over the paths of files, not the name of a column.
bool is_group_pattern(const std::string& text);

/// Which examples belong together: "" where one stands alone.
struct ExampleGroups {
  std::vector<std::string> names = {};  ///< of each example; empty where there are no groups at all
  std::size_t groups = 0;               ///< different ones
  std::size_t largest = 0;              ///< examples of the largest
  std::size_t alone = 0;                ///< examples of no group
};

/// The groups of the examples at `positions`: what the one capture of `pattern` (a regular expression of RE2)
/// finds in the path below the data's root; without a pattern what the data set says. Throws Error{usage} for a pattern
/// that is none, that has not one capture, or that no path fits.
ExampleGroups example_groups(const Dataset& dataset, std::span<const std::size_t> positions,
                             const std::string& pattern);

}  // namespace enxerto
