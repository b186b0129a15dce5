#pragma once
#include <span>
#include <string>
#include <string_view>

#include "enxerto/data/column_facts.h"
#include "enxerto/data/csv_file.h"
#include "enxerto/data/csv_plan.h"

namespace enxerto {

/// A plan, and what it was made of.
struct PlannedCsv {
  const CsvFile& file;
  const CsvPlan& plan;
  std::span<const ColumnFacts> facts;  ///< by column
  std::string_view nouns;              ///< what the examples are called
  bool guessed = false;                ///< something was chosen by what is in the columns, not by their names
  bool is_kind_asked = false;
};

/// "pictures: image; labels: sea, sky; parts: set; not used: width", and what else may be meant by such columns; ""
/// where the names say it all.
std::string csv_reading(const PlannedCsv& planned);

}  // namespace enxerto
