#pragma once
#include <string>
#include <vector>

#include "enxerto/data/data_watch.h"
#include "enxerto/data/part_names.h"
#include "enxerto/data/parts.h"

namespace enxerto {

/// A table that is a part of a data set: "dev.tsv".
struct PartTable {
  Part part = Part::train;
  std::string file;
};

/// The tables among the files of a folder whose names are those of parts, train first; empty unless one of them is the
/// training part, and where two are of one part.
std::vector<PartTable> tables_of_parts(const std::vector<std::string>& files);

/// The table at a path, or, of a folder with one for each part, that of the training part; "" where there is none.
std::string table_at(const std::string& path);

/// Opens each of them in `folder` as `open_csv` does, by the columns that the first has. Throws what that throws, and
/// Error{data} where another table has other columns.
DataParts open_csv_parts(const std::string& folder, const std::vector<PartTable>& tables, const TableOptions& options,
                         const DataWatch& watch);

}  // namespace enxerto
