#pragma once
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "enxerto/base/progress.h"

namespace enxerto::testing {

/// Remembers parts and notices, and says stop after so many steps.
class StepWatcher : public Progress {
 public:
  explicit StepWatcher(std::size_t stop_after = SIZE_MAX) : stop_after_(stop_after) {}

  void begin(std::string_view part, std::size_t) override { parts.emplace_back(part); }
  void advance(std::size_t steps) override {
    done += steps;
    if (on_advance) on_advance(done);
  }
  void notice(std::string_view text) override { notices.emplace_back(text); }
  void result(std::string_view text) override { results.emplace_back(text); }
  bool cancelled() const override { return done >= stop_after_; }

  std::size_t done = 0;
  std::vector<std::string> parts, notices, results;
  std::function<void(std::size_t)> on_advance;

 private:
  std::size_t stop_after_;
};

}  // namespace enxerto::testing
