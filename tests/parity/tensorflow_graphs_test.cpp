// TensorFlow.js graph models against what TensorFlow computes with them; made by tools/golden/tensorflow_graphs.py.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>

#include "enxerto/engine/executor.h"
#include "enxerto/tensorflow/import.h"
#include "enxerto/weights/safetensors.h"

namespace enxerto {
namespace {

constexpr double kOfTensorFlow = 1e-5;  // of the output's largest value

class TensorFlowGraph : public ::testing::TestWithParam<const char*> {};

TEST_P(TensorFlowGraph, GivesWhatTensorFlowGives) {
  const std::filesystem::path folder = std::filesystem::path(ENXERTO_TEST_DATA) / "tensorflow" / GetParam();
  const StateDict wanted = read_safetensors(folder / "values.safetensors");
  const Graph graph = read_tensorflow(folder / "model.json").graph;
  TensorMap inputs;
  inputs.set("input", wanted.at("input"));
  const TensorMap outputs = compile(graph, {.threads = 1, .streams = 1, .batch = 1})->run(inputs);
  EXPECT_EQ(graph.outputs.size() + 1, wanted.size());
  for (const Value& output : graph.outputs) {
    const Tensor& expected = wanted.at(output.name);
    const Tensor& made = outputs.at(output.name);
    ASSERT_EQ(made.shape(), expected.shape()) << output.name;
    double largest = 1e-30, away = 0;
    for (std::size_t i = 0; i < expected.size(); ++i) {
      const double value = expected.as<float>()[i];
      largest = std::max(largest, std::abs(value));
      away = std::max(away, std::abs(value - static_cast<double>(made.as<float>()[i])));
    }
    EXPECT_LE(away, kOfTensorFlow * largest) << output.name;
  }
}

INSTANTIATE_TEST_SUITE_P(, TensorFlowGraph, ::testing::Values("windows", "sizes", "layout", "numbers"),
                         [](const auto& row) { return std::string(row.param); });

}  // namespace
}  // namespace enxerto
