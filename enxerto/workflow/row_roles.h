#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "enxerto/base/hash.h"
#include "enxerto/base/progress.h"
#include "enxerto/data/split.h"
#include "enxerto/data/windows.h"
#include "enxerto/workflow/recipe.h"
#include "enxerto/workflow/training_data.h"

namespace enxerto {

/// The examples that a run can use: where each stands in the data set (ascending), and its content.
struct ReadRows {
  const TrainingData& data;
  std::span<const std::size_t> positions;
  std::span<const Hash128> contents;
};

/// Which rows are used for what.
struct RowRoles {
  std::vector<std::size_t> train = {}, validation = {}, test = {};  ///< ascending
  std::string test_origin = {};          ///< "the data's own test part", "20 % of each class held out"
  std::size_t test_also_learned = 0;     ///< of the test rows, those whose content other parts have too
  bool validation_was_cut = false;       ///< by the run, from the examples to learn from
  std::vector<std::string> groups = {};  ///< of each row; empty where there are none
};

/// Roles as the data have them. Where there is no test part a share of the rows is held out by `split_examples`.
/// Notices say how many groups there are, and which examples stand in two parts, under two answers or twice.
/// Throws as `split_examples` and `example_groups`.
RowRoles assign_roles(const ReadRows& rows, const Recipe& recipe, Progress& progress = no_progress());

/// Where epochs or phases are to be chosen and the data have no validation part: takes `validation_share` of the
/// training rows for it.
void hold_back_validation(RowRoles& roles, const ReadRows& rows, const Recipe& recipe);

/// Two further parts of the rows to learn from, or one, each about as large as `validation` and shared out as it was:
/// the other folds of a cross-validation. Empty where validation was not cut.
std::vector<std::vector<std::size_t>> further_folds(const RowRoles& roles, const ReadRows& rows, const Recipe& recipe);

/// What must be held out together when a part of the training rows is: for each row of `windows` a number, which those
/// of one example, of one content and of one group share, as no split parts them. Empty where each stands alone.
std::vector<std::size_t> held_together(const RowRoles& roles, const ReadRows& rows, const ExampleWindows& windows);

/// Throws Error{data} where the validation examples have a class each, and all the same.
void check_validation(const RowRoles& roles, const ReadRows& rows);

/// `data.validation_split`; where that is left to the run (negative) a fifth, of few examples up to a third so that
/// there are 50, and of more than 5,000 less: 1,000, and a tenth of 10,000 and more.
double validation_share(double validation_split, std::size_t examples);

}  // namespace enxerto
