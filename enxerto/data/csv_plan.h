#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "enxerto/data/csv.h"
#include "enxerto/data/csv_file.h"
#include "enxerto/data/part_names.h"

namespace enxerto {

/// What each column of a table is used for.
struct CsvPlan {
  std::vector<std::size_t> inputs;  ///< what examples are learned from: one column of files, or one or two of texts
  bool texts = false;
  std::optional<std::size_t> split, group;
  std::optional<Part> flagged;  ///< the part of rows whose cell in the column `split` is true; none: cells name parts
  std::optional<std::string> fold;  ///< cells of the column `split` are numbers of folds, and this one is tested on
  std::vector<std::size_t> targets;
  bool targets_asked = false;  ///< by their names
  bool one_hot = false;        ///< of classes: a column each, of which one is marked
  bool kind_asked = false;     ///< the kind is not chosen by what is in them
  bool images_asked = false;   ///< the folder of the files is named
  bool measured = false;       ///< as asked: any part may have any class
  bool signs = false;          ///< some cell of the targets is -1: multi-label with a column a label may have it for 0
  std::string kind = {};       ///< a row of `target_kinds()`
  char list_separator = 0;     ///< of several labels in one cell; 0: multi-label with a column a label
  std::string reading;         ///< how the columns are read, where their names do not say it; "" where they do
};

/// Decides by the names of the columns, by what is in them and by what is asked (see `open_csv`), reading every row
/// once. Throws Error{usage} and Error{data}; rows that have more or fewer cells and targets that are none are left to
/// who reads them where `faults` keeps.
CsvPlan plan_csv(const CsvFile& file, const TableOptions& options, DataFaults& faults = refused_faults());

}  // namespace enxerto
