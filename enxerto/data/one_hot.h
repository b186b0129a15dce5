#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "enxerto/data/csv_file.h"

namespace enxerto {

/// The one of `columns` whose cell is a yes, where all others are a no; nullopt where there is none or more than one,
/// or a cell is no mark.
std::optional<std::size_t> only_mark(const std::vector<std::string>& fields, std::span<const std::size_t> columns);

/// Every row has one mark in `columns`, and two of them or more have some: classes, a column each (one-hot). Rows of
/// another width are left to who reads them.
bool are_one_hot(const CsvFile& file, std::span<const std::size_t> columns);

}  // namespace enxerto
