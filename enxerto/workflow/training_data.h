#pragma once
#include <span>
#include <string>
#include <vector>

#include "enxerto/base/hash.h"
#include "enxerto/base/progress.h"
#include "enxerto/data/dataset.h"
#include "enxerto/data/parts.h"
#include "enxerto/data/split.h"
#include "enxerto/workflow/recipe.h"

namespace enxerto {

/// All examples of a run in one data set: those to learn from first, then validation, then test.
struct TrainingData {
  DatasetPtr all;
  std::size_t train_end = 0;       ///< positions below are for learning (and, without test examples, for the split)
  std::size_t validation_end = 0;  ///< from `train_end` to here are validation examples; the rest are test examples
  std::string format;              ///< "class folders", "IDX", ..
  bool has_test() const { return validation_end < all->size(); }
};

/// The first `count` of the first `per_class` examples of each class; 0: all.
DatasetPtr taken(DatasetPtr dataset, std::int64_t per_class, std::int64_t count);

/// How the recipe says that a table is read.
TableOptions table_options(const Recipe::Data& recipe);

/// Opens what the recipe names and applies `take` and `take_per_class`. A validation part without a test part is the
/// test data, because nothing is chosen on it. Throws Error{data}.
TrainingData open_training_data(const Recipe::Data& recipe, Progress& progress = no_progress());

/// Which rows are used for what.
struct RowRoles {
  std::vector<std::size_t> train, validation, test;  ///< ascending
  std::string test_origin;                           ///< "the publisher's test part", "20 % held out, stratified"
};

/// Rows, and what they are of: example and content of each.
struct SplitRows {
  const Dataset& dataset;
  std::span<const std::size_t> positions;
  std::span<const Hash128> contents;
};

/// Takes the share that `options` holds out off `rows` and returns it; both stay ascending. Throws as
/// `stratified_split`.
std::vector<std::size_t> split_off(std::vector<std::size_t>& rows, const SplitRows& all, const SplitOptions& options);

/// Roles of the rows whose examples are at `positions` (ascending) with the given content hashes. Splits by content
/// hash where there is no test data; otherwise notices examples of the test data that are in the training data too.
RowRoles assign_roles(const TrainingData& data, const Recipe& recipe, std::span<const std::size_t> positions,
                      std::span<const Hash128> contents, Progress& progress = no_progress());

}  // namespace enxerto
