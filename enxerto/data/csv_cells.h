#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/data/csv_file.h"
#include "enxerto/data/csv_plan.h"

namespace enxerto {

/// Whether a cell of a target column can be learned: a number for regression, 0 or 1 (or what `csv_flag` takes, and -1
/// where the table has it) for labels with a column each; any for others.
bool is_right_cell(const CsvPlan& plan, const std::string& cell);

/// A target, and where it stands.
struct TargetCell {
  std::size_t column, line;
  const std::string& cell;
};

/// Why it is none, naming file:line.
Error wrong_cell(const CsvFile& file, const CsvPlan& plan, const TargetCell& target);

/// Names of the first six, and ".." where there are more.
std::string first_columns(const CsvFile& file, const std::vector<std::size_t>& columns);

}  // namespace enxerto
