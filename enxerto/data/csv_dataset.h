#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "enxerto/data/dataset.h"
#include "enxerto/data/file_list.h"

namespace enxerto {

/// Pictures with what a table says of them; a million in little more than their names.
struct CsvContents {
  TargetKind kind = TargetKind::classes;
  FileList files{""};                 ///< with the label of each where they are classes
  std::vector<std::string> names;     ///< of classes, labels or values
  std::vector<std::uint32_t> labels;  ///< multi_label: those of all pictures, one picture after the other
  std::vector<std::size_t> ends;      ///< multi_label: where each picture's labels end
  std::vector<float> values;          ///< values: (pictures, names)
};

DatasetPtr csv_dataset(CsvContents contents);

}  // namespace enxerto
