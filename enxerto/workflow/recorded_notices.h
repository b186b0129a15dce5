#pragma once
#include <string>
#include <vector>

#include "enxerto/base/progress.h"

namespace enxerto {

/// Passes everything on and keeps the notices, which belong into the run's record.
class RecordedNotices final : public Progress {
 public:
  RecordedNotices(Progress& watcher, std::vector<std::string>& notices) : watcher_(watcher), notices_(notices) {}
  void begin(std::string_view part, std::size_t total) override { watcher_.begin(part, total); }
  void advance(std::size_t steps) override { watcher_.advance(steps); }
  void end() override { watcher_.end(); }
  void result(std::string_view text) override { watcher_.result(text); }
  void notice(std::string_view text) override {
    notices_.emplace_back(text);
    watcher_.notice(text);
  }
  bool cancelled() const override { return watcher_.cancelled(); }

 private:
  Progress& watcher_;
  std::vector<std::string>& notices_;
};

}  // namespace enxerto
