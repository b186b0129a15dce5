#pragma once
#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace enxerto {

/// How long each part of a run took, in the order in which the parts began.
class Timings {
 public:
  using Row = std::pair<std::string, double>;  ///< name, seconds

  /// Ends the part that is open and begins another.
  void begin(std::string part) {
    end();
    part_ = std::move(part);
    start_ = std::chrono::steady_clock::now();
  }
  void end() {
    if (!part_.empty())
      rows_.emplace_back(std::exchange(part_, {}),
                         std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count());
  }
  void add(std::string part, double seconds) { rows_.emplace_back(std::move(part), seconds); }

  const std::vector<Row>& rows() const { return rows_; }

 private:
  std::vector<Row> rows_;
  std::string part_;
  std::chrono::steady_clock::time_point start_;
};

}  // namespace enxerto
