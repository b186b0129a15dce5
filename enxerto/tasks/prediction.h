#pragma once
#include <cstdint>
#include <optional>
#include <string>

namespace enxerto {

/// One thing that a network says of an example; what it has nothing to say of is not set.
struct Prediction {
  std::string label = {};                  ///< of the class, the label or the column
  std::optional<std::int64_t> index = {};  ///< its number
  std::optional<double> score = {};        ///< how sure the network is, between 0 and 1
  std::optional<double> value = {};        ///< a number, in the unit of its column
};

/// An answer held against the target.
struct Judged {
  double error = 0;                        ///< 0: it is right; the larger, the worse, in any unit
  std::string truth = {}, predicted = {};  ///< "dog"; "cat 97.3 %"
};

/// How an output is read.
struct ReadingOptions {
  std::size_t top_k = 1;   ///< so many of the most probable classes
  double threshold = 0.5;  ///< labels of at least this probability
};

}  // namespace enxerto
