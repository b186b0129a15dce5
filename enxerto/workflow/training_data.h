#pragma once
#include <string>

#include "enxerto/base/progress.h"
#include "enxerto/data/dataset.h"
#include "enxerto/data/parts.h"
#include "enxerto/pretrained/vocabulary_source.h"
#include "enxerto/workflow/recipe.h"

namespace enxerto {

/// All examples of a run in one data set: those to learn from first, then validation, then test.
struct TrainingData {
  DatasetPtr all;
  std::size_t train_end = 0;         ///< positions below are for learning (and, without test examples, for the split)
  std::size_t validation_end = 0;    ///< from `train_end` to here are validation examples; the rest are test examples
  bool tests_on_validation = false;  ///< the data have a validation part and no test part
  std::string format;                ///< "class folders", "IDX", ..
  std::vector<std::string> texts;    ///< columns of a table that the examples are texts of
  bool has_test() const { return validation_end < all->size(); }
};

/// The first `count` of the first `per_class` examples of each class; 0: all.
DatasetPtr taken(DatasetPtr dataset, std::int64_t per_class, std::int64_t count);

/// The examples that a vocabulary may be made of: those that are neither validation nor test examples of their own.
VocabularySource vocabulary_source(const Recipe::Backbone& recipe, const TrainingData& data);

/// How the recipe says that a table is read.
TableOptions table_options(const Recipe::Data& recipe);

/// Opens what the recipe names and applies `take` and `take_per_class`. A validation part without a test part is the
/// test data, because nothing is chosen on it. Throws Error{data}.
TrainingData open_training_data(const Recipe::Data& recipe, Progress& progress = no_progress());

}  // namespace enxerto
