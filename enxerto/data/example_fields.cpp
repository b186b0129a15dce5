#include "enxerto/data/example_fields.h"

namespace enxerto {

std::vector<Field> fields_of(const Dataset& /*dataset*/, const Example& example) {
  return {{.medium = Medium::image, .bytes = example.bytes(), .raw = example.raw()}};
}

ExampleFiles files_of(const Dataset& /*dataset*/, const Example& example) { return {example.file()}; }

}  // namespace enxerto
