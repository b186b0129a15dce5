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

/// Hands out the lines of a file, or, of "-", of standard input as they come, some at a time; of a table or lines of
/// JSON the source of each pair (`read_text_pairs`), which is told. Throws Error{data} for a file that cannot be read
/// and for objects of JSON on standard input, Error{interrupted}, and as `read_text_pairs`.
void for_each_lines(const std::string& file, Progress& progress,
                    const std::function<void(std::span<const SourceLine>)>& each);

}  // namespace enxerto::cli
