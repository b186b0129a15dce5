#pragma once
#include <string_view>

#include "enxerto/data/dataset.h"
#include "enxerto/media/preprocessor.h"

namespace enxerto {

/// What the rows that a network learns from are called: examples, or, where the preprocessing divides these, their
/// windows.
inline std::string_view nouns_of_rows(const DatasetInfo& info, const Preprocessor& preprocessor) {
  return preprocessor.divides() ? "windows" : nouns_of(info.inputs);
}

}  // namespace enxerto
