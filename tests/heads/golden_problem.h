#pragma once
#include <gtest/gtest.h>

#include <cstddef>
#include <fstream>
#include <vector>

#include "enxerto/heads/exact_solver.h"

namespace enxerto {

/// A problem of `tools/golden/exact_heads.py`; what follows in the file is the answer.
struct GoldenProblem {
  std::size_t rows = 0, width = 0, outputs = 0;
  double l2 = 0;
  std::vector<float> features, targets;

  explicit GoldenProblem(std::ifstream& file) {
    EXPECT_TRUE(file >> rows >> width >> outputs >> l2);
    features = numbers<float>(file, rows * width);
    targets = numbers<float>(file, rows * outputs);
  }

  template <typename T>
  static std::vector<T> numbers(std::ifstream& file, std::size_t count) {
    std::vector<T> values(count);
    for (T& value : values) EXPECT_TRUE(file >> value);
    return values;
  }

  Rows as_rows() const {
    Rows result{.width = width, .row = {}};
    for (std::size_t r = 0; r < rows; ++r) result.row.push_back(features.data() + r * width);
    return result;
  }

  ExactProblem problem() const {
    return {
        .features = as_rows(),
        .targets = Tensor::of<float>({static_cast<std::int64_t>(rows), static_cast<std::int64_t>(outputs)}, targets),
        .units = outputs};
  }

  /// Compares with the weight and the bias that follow.
  void expect_layer(std::ifstream& file, const LinearClassifier& layer, double relative) const {
    const auto weight = numbers<double>(file, outputs * width), bias = numbers<double>(file, outputs);
    ASSERT_EQ(layer.weight.size(), weight.size());
    for (std::size_t i = 0; i < weight.size(); ++i)
      EXPECT_NEAR(double{layer.weight.as<float>()[i]}, weight[i], relative * (1 + std::abs(weight[i]))) << i;
    for (std::size_t i = 0; i < bias.size(); ++i)
      EXPECT_NEAR(double{layer.bias.as<float>()[i]}, bias[i], relative * (1 + std::abs(bias[i])) * 4) << i;
  }
};

}  // namespace enxerto
