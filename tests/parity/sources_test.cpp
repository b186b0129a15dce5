#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include "enxerto/engine/executor.h"
#include "enxerto/files/json.h"
#include "enxerto/pretrained/fit_weights.h"
#include "tests/zoo/formula.h"

namespace enxerto {
namespace {

constexpr double kTolerance = 1e-4;  // of the largest output

std::filesystem::path folder() { return std::filesystem::path(ENXERTO_TEST_DATA) / "sources"; }

/// A file as its source saves it: {"blocks.#.norm1.weight": [first block, blocks, shape]}, filled by the formula.
StateDict file_of(const Json& tensors) {
  StateDict file;
  for (const auto& [pattern, row] : tensors.items()) {
    const std::size_t at = pattern.find('#');
    const int first = row.at(0).get<int>(), count = row.at(1).get<int>();
    for (int number = first; number < first + count; ++number) {
      const std::string name = at == std::string::npos
                                   ? pattern
                                   : fmt::format("{}{}{}", pattern.substr(0, at), number, pattern.substr(at + 1));
      const auto shape = row.at(2).get<Shape>();
      file.set(name, formula::filled(name, shape, formula::range_of(name, shape)));
    }
  }
  return file;
}

/// Largest difference between every `stride`-th column of `found` and the golden rows, relative to the largest output.
double difference(const Tensor& found, const Json& golden) {
  double largest = 0;
  const auto width = static_cast<std::size_t>(found.shape().at(1)), stride = golden.at("stride").get<std::size_t>();
  const Json& rows = golden.at("logits");
  EXPECT_EQ((width + stride - 1) / stride, rows.at(0).size());
  for (std::size_t row = 0; row < rows.size(); ++row)
    for (std::size_t column = 0; column < rows[row].size(); ++column)
      largest = std::max(largest, std::abs(static_cast<double>(found.as<float>()[row * width + column * stride]) -
                                           rows[row][column].get<double>()));
  return largest / golden.at("scale").get<double>();
}

class Source : public ::testing::TestWithParam<std::string> {};

TEST_P(Source, GivesTheOutputsOfItsOwnNetwork) {
  const Json golden = read_json(folder() / (GetParam() + ".json"), 1 << 20);
  const auto size = golden.at("size").get<int>();
  const FittedWeights fitted = fit_weights(find_architecture(golden.at("architecture").get<std::string>()), size,
                                           file_of(golden.at("tensors")), GetParam());
  EXPECT_EQ(fitted.naming, golden.at("naming").get<std::string>());
  const Tensor input = formula::input(2, size);
  const Tensor output = compile(fitted.graph, {.threads = 2, .streams = 1, .batch = 2})->run(input);
  const double found = difference(output, golden);
  RecordProperty("difference", fmt::format("{:.2e}", found));
  EXPECT_LE(found, kTolerance);
}

std::vector<std::string> cases() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder())) names.push_back(entry.path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

INSTANTIATE_TEST_SUITE_P(Every, Source, ::testing::ValuesIn(cases()), [](const auto& row) { return row.param; });

}  // namespace
}  // namespace enxerto
