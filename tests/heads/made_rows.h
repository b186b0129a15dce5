#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "enxerto/base/rng.h"
#include "enxerto/base/rows.h"

namespace enxerto {

/// Examples around one seeded centre a class, classes in turn; rows point into `values`.
struct MadeRows {
  struct Wish {
    std::size_t rows = 0, width = 0, classes = 0;
    double distance = 1.0;  ///< of the centres, where the noise is 1
  };

  std::vector<float> values;
  std::vector<std::int64_t> labels;
  Rows rows;

  explicit MadeRows(const Wish& wish) : values(wish.rows * wish.width) {
    rows.width = wish.width;
    for (std::size_t r = 0; r < wish.rows; ++r) {
      const std::size_t label = r % wish.classes;
      Rng noise({.seed = 1, .epoch = 0, .example = r, .purpose = "noise"});
      Rng centre({.seed = 1, .epoch = 0, .example = label, .purpose = "centre"});
      for (std::size_t f = 0; f < wish.width; ++f)
        values[r * wish.width + f] =
            static_cast<float>(2 * wish.distance * normal(centre) + normal(noise) + static_cast<double>(f % 3));
      labels.push_back(static_cast<std::int64_t>(label));
      rows.row.push_back(values.data() + r * wish.width);
    }
  }
  MadeRows(const MadeRows&) = delete;
  MadeRows& operator=(const MadeRows&) = delete;

 private:
  /// Nearly normal: a sum of uniform numbers.
  static double normal(Rng& rng) {
    double sum = -6;
    for (int i = 0; i < 12; ++i) sum += rng.uniform();
    return sum;
  }
};

}  // namespace enxerto
