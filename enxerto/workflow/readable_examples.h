#pragma once
#include <cstddef>
#include <vector>

#include "enxerto/base/hash.h"
#include "enxerto/base/progress.h"
#include "enxerto/features/extract.h"

namespace enxerto {

/// The examples of a data set that a run can use.
struct ReadableExamples {
  std::vector<std::size_t> positions;  ///< in the data set, ascending
  std::vector<Hash128> contents;       ///< content hash of each
};

/// All examples, by their contents. Where bad ones are to be skipped each file is looked at once, so that every phase
/// has the same examples; `bad` gets the others. Throws Error{data} naming a file that cannot be read where they are
/// not to be skipped (what cannot be decoded shows later then), Error{interrupted}.
ReadableExamples readable_examples(const Dataset& dataset, const Preprocessor& preprocessor,
                                   const ExtractOptions& options, std::vector<BadExample>& bad, Progress& progress);

}  // namespace enxerto
