#include "enxerto/data/example_fields.h"

namespace enxerto {

std::vector<Field> fields_of(const Dataset& dataset, const Example& example) {
  std::vector<Field> fields;
  for (std::size_t i = 0; i < dataset.info().inputs.size(); ++i) fields.push_back(example.field(i));
  return fields;
}

ExampleFiles files_of(const Dataset& dataset, const Example& example) {
  ExampleFiles files;
  for (std::size_t i = 0; i < dataset.info().inputs.size(); ++i) files.push_back(example.file(i));
  return files;
}

}  // namespace enxerto
