#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "enxerto/metrics/coco_evaluation.h"
#include "enxerto/metrics/metrics_report.h"

namespace enxerto {

/// What goes wrong with boxes that are found with a probability of 0.5 or more. Best first, each takes the true box of
/// its class that it overlaps most, by at least half, and that no other has: it is right. The others are doubles (that
/// box is taken), of another class (they overlap so far with a box of another class that is not found), beside (they
/// overlap by a tenth or more with a box of their class), or nothing is there. What overlaps with a crowd is not
/// counted.
class BoxMistakes {
 public:
  static constexpr double kLeastScore = 0.5, kLeastOverlap = 0.5, kNear = 0.1;

  explicit BoxMistakes(std::size_t classes) : counts_(classes + 1, std::vector<std::size_t>(classes + 1)) {}

  void add(const BoxedExample& example);

  std::size_t right = 0, missed = 0, doubles = 0, of_other_class = 0, beside = 0, nothing_there = 0;

  /// A row for each kind, and below its title what they come to in words. `best_score`: where F1 is highest.
  MetricTable table(double best_score) const;

  /// How often boxes of a class (row) were found as those of another, or, in the last column, "background", not at all;
  /// the last row is what was found where no such box is.
  Confusion confusion(const std::vector<std::string>& names) const;

  void reset();

 private:
  std::string in_words(double best_score) const;

  std::vector<std::vector<std::size_t>> counts_;  // the last is the background
};

}  // namespace enxerto
