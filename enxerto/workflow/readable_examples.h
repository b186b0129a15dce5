#pragma once
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "enxerto/base/hash.h"
#include "enxerto/base/progress.h"
#include "enxerto/features/extract.h"

namespace enxerto {

/// The examples of a data set that a run can use.
struct ReadableExamples {
  std::vector<std::size_t> positions;  ///< in the data set, ascending
  std::vector<Hash128> contents;       ///< content hash of each
  std::vector<Hash128> copies = {};    ///< the same, but one hash for all copies of a text (`same_words`)
};

/// All examples, by their contents. Unless the first bad one is to end the run each file is looked at once, so that
/// every phase has the same examples; `bad` gets the others. Throws Error{data} naming a file that cannot be read where
/// the first is to end it (what cannot be decoded shows later then) or they are too many, Error{interrupted}.
ReadableExamples readable_examples(const Dataset& dataset, const Preprocessor& preprocessor,
                                   const ExtractOptions& options, std::vector<BadExample>& bad, Progress& progress);

/// Throws Error{data} naming the first of `bad` where there are bad examples and `read`, the number of the others, is
/// 0.
void require_some(std::span<const BadExample> bad, std::size_t read, std::string_view nouns);

/// Says of which classes all examples below `end`, those that are to be learned from, are not among those at
/// `positions`, which could be read. Throws Error{data} where fewer than two classes are left of several, or nothing at
/// all.
void report_lost_classes(const Dataset& dataset, std::size_t end, std::span<const std::size_t> positions,
                         Progress& progress);

/// The validation or the test examples of a data set: positions from `begin` to `end`.
struct DatasetPart {
  std::size_t begin = 0, end = 0;
  std::string_view name;  ///< "test"
};

/// Throws Error{data} where the part has examples and none is among those at `positions`, which could be read.
void require_readable_part(const Dataset& dataset, const DatasetPart& part, std::span<const std::size_t> positions);

}  // namespace enxerto
