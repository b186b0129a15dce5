#pragma once
#include <cstdint>
#include <string>

namespace enxerto {

/// One class that a picture may be of, one label that it may have, or one number that is predicted for it.
struct Prediction {
  std::string label;
  std::int64_t index = 0;  ///< of the class, label or value
  double probability = 0;  ///< 0 for a number
  double value = 0;        ///< the number, in the unit of its column; 0 for classes and labels
};

}  // namespace enxerto
