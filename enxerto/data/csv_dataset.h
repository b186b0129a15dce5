#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "enxerto/data/dataset.h"
#include "enxerto/data/file_list.h"

namespace enxerto {

/// Files with what a table says of them; a million in little more than their names.
struct CsvContents {
  TargetSpec target = {};
  FileList files{""};                 ///< with the label of each where they are classes
  std::vector<std::uint32_t> labels;  ///< multi_label: those of all files, one file after the other
  std::vector<std::size_t> ends;      ///< multi_label: where each file's labels end
  std::vector<float> values;          ///< regression: (files, names)
  std::vector<std::uint32_t> groups;  ///< of each file, an index of `group_names`; empty: there are none
  std::vector<std::string> group_names;
};

DatasetPtr csv_dataset(CsvContents contents);

}  // namespace enxerto
