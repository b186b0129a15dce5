#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/data/dataset.h"

namespace enxerto {

/// Each line that is not blank as an example, "NAME:LINE". Where the first begins with {, each is an object of JSON
/// (`JsonLinesReader`) with the texts under the keys `learned` where all are there, else those that `open_csv` knows:
/// text, sentence .., or a pair such as sentence1 and sentence2. A line that is no such object is an example that
/// cannot be read. Throws Error{data} naming `name`: no lines, none that can be read, no such key.
DatasetPtr text_lines(std::string_view text, const std::string& name, const std::vector<std::string>& learned = {});

/// The texts of a table, by their column's names as above; the only column needs none. A row of more or fewer fields
/// than there are columns, and a line that is no object of JSON, is an example that cannot be read. Throws as
/// `open_csv`.
DatasetPtr text_table(const std::filesystem::path& path, const std::vector<std::string>& learned = {});

}  // namespace enxerto
