#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "pictures.h"

namespace {

using namespace enxerto;

/// Says how far it is, and never comes back from row `last_row`: whoever started this process kills it there.
class Staller : public Progress {
 public:
  explicit Staller(std::size_t last_row) : last_row_(last_row) {}
  void advance(std::size_t steps) override {
    rows_ += steps;
    if (rows_ < last_row_) return;
    std::puts("stalled");
    std::fflush(stdout);
    for (;;) pause();
  }

 private:
  std::size_t rows_ = 0, last_row_;
};

/// `--extract DATA CACHE ROWS`: a second process for tests; stalls after ROWS rows where that is above 0.
int extract_in_child(char** arguments) {
  const std::size_t rows = std::strtoul(arguments[2], nullptr, 10);
  Staller staller(rows);
  const ExtractOptions options{.threads = rows > 0 ? 1 : 2,
                               .batch = 2,
                               .on_bad = OnBad::error,
                               .cache = FeatureCache::open({.directory = arguments[1]})};
  extract(*open_data(arguments[0]).all, enxerto::testing::mean_colour(), options, rows > 0 ? staller : no_progress());
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  if (count == 5 && std::string_view(arguments[1]) == "--extract") return extract_in_child(arguments + 2);
  ::testing::InitGoogleTest(&count, arguments);
  return RUN_ALL_TESTS();
}
