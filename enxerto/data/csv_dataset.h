#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "enxerto/data/dataset.h"
#include "enxerto/data/file_list.h"
#include "enxerto/data/text_cells.h"

namespace enxerto {

/// Files, or texts, with what a table says of them; a million in little more than their names.
struct CsvContents {
  TargetSpec target = {};
  FileList files{""};                 ///< with the label of each where they are classes
  TextCells texts;                    ///< instead of files, where it has fields
  std::vector<std::uint32_t> labels;  ///< multi_label: those of all examples, one after the other; classes of texts
  std::vector<std::size_t> ends;      ///< multi_label: where each file's labels end
  std::vector<float> values;          ///< regression: (files, names)
  std::vector<std::uint32_t> groups;  ///< of each file, an index of `group_names`; empty: there are none
  std::vector<std::string> group_names;

  std::size_t size() const { return texts.fields() > 0 ? texts.size() : files.size(); }
  std::string id(std::size_t i) const { return texts.fields() > 0 ? texts.id(i) : files.id(i); }
};

DatasetPtr csv_dataset(CsvContents contents);

}  // namespace enxerto
