#pragma once
#include <string>

namespace enxerto {

/// An answer held against the target.
struct Judged {
  double error = 0;                        ///< 0: it is right; the larger, the worse, in any unit
  std::string truth = {}, predicted = {};  ///< "dog"; "cat 97.3 %"
};

}  // namespace enxerto
