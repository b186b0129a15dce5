#pragma once
#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <fstream>
#include <string>

namespace enxerto::testing {

/// A golden of numbers, one after the other.
class NumberFile {
 public:
  explicit NumberFile(const std::string& path) : file_(path) {}

  double next() {
    double value = 0;
    EXPECT_TRUE(file_ >> value);
    return value;
  }
  std::size_t count() { return static_cast<std::size_t>(next()); }

  /// The next one is this, within 1e-12; -1 stands for what is not a number.
  void expect(double value) {
    const double wanted = next();
    if (wanted == -1)
      EXPECT_TRUE(std::isnan(value));
    else
      EXPECT_NEAR(value, wanted, 1e-12);
  }

 private:
  std::ifstream file_;
};

}  // namespace enxerto::testing
