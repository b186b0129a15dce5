#pragma once
#include <string>
#include <utility>
#include <vector>

#include "enxerto/base/stopwatch.h"

namespace enxerto {

/// How long each part of a run took, in the order in which the parts began.
class Timings {
 public:
  using Row = std::pair<std::string, double>;  ///< name, seconds

  /// Ends the part that is open and begins another.
  void begin(std::string part) {
    end();
    part_ = std::move(part);
    watch_.restart();
  }
  void end() {
    if (!part_.empty()) rows_.emplace_back(std::exchange(part_, {}), watch_.seconds());
  }
  void add(std::string part, double seconds) { rows_.emplace_back(std::move(part), seconds); }

  const std::vector<Row>& rows() const { return rows_; }

 private:
  std::vector<Row> rows_;
  std::string part_;
  Stopwatch watch_;
};

}  // namespace enxerto
