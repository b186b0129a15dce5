#pragma once
#include <cstddef>
#include <functional>
#include <span>
#include <string>

#include "enxerto/base/progress.h"

namespace enxerto::cli {

/// A line to be translated.
struct SourceLine {
  std::string text;        ///< nothing where it cannot be read
  std::size_t number = 0;  ///< from 1 on
  std::string bad = {};    ///< why it cannot be read: "standard input:2: .."
};

/// Hands out the lines of a file, or, of "-", of standard input as they come, some at a time. Throws Error{data} for a
/// file that cannot be read, Error{interrupted}.
void for_each_lines(const std::string& file, const Progress& progress,
                    const std::function<void(std::span<const SourceLine>)>& each);

}  // namespace enxerto::cli
