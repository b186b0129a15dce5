#pragma once
#include <cstddef>
#include <vector>

#include "enxerto/metrics/coco_evaluation.h"
#include "tests/metrics/number_file.h"

namespace enxerto::testing {

/// The file of tools/golden/coco_boxes.py.
class CocoGolden : public NumberFile {
 public:
  CocoGolden() : NumberFile(ENXERTO_TEST_DATA "/metrics/coco_boxes.txt") {
    const std::size_t examples = count();
    classes = count();
    for (std::size_t i = 0; i < examples; ++i) pictures.push_back(picture());
  }

  std::size_t classes = 0;
  std::vector<BoxedExample> pictures;

 private:
  BoxExtent extent() { return {next(), next(), next(), next()}; }
  BoxedExample picture() {
    BoxedExample one;
    const std::size_t truths = count();
    for (std::size_t i = 0; i < truths; ++i) {
      TrueBox box{.extent = extent(), .label = count()};
      box.area = next();
      box.crowd = next() != 0;
      one.truths.push_back(box);
    }
    const std::size_t found = count();
    for (std::size_t i = 0; i < found; ++i) {
      FoundBox box{.extent = extent(), .label = count()};
      box.score = next();
      one.found.push_back(box);
    }
    return one;
  }
};

}  // namespace enxerto::testing
