#pragma once
#include <string>
#include <vector>

#include "enxerto/tasks/prediction.h"

namespace enxerto {

/// An answer held against the target.
struct Judged {
  double error = 0;                                 ///< 0: it is right; the larger, the worse, in any unit
  std::string truth = {}, predicted = {};           ///< "dog"; "cat 97.3 %"
  std::vector<Prediction> wanted = {}, found = {};  ///< where they have places, to be drawn: see `Task::drawn`
};

}  // namespace enxerto
