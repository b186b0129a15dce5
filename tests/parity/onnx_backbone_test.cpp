#include "enxerto/pretrained/onnx_backbone.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>

#include "enxerto/engine/executor.h"
#include "enxerto/graph/cost.h"
#include "enxerto/graph/cut.h"
#include "enxerto/graph/infer.h"
#include "enxerto/transfer/graft.h"
#include "enxerto/weights/safetensors.h"
#include "tests/engine/named.h"
#include "tests/media/image_record.h"
#include "tests/zoo/formula.h"

namespace enxerto {
namespace {

using testing::image_of;

constexpr double kTolerance = 1e-4;                   // of the output's largest value
constexpr std::size_t kSmall = std::size_t{4} << 20;  // bytes of parameters up to which each cut is tried

/// ONNX files that exporters made and, in NAME.safetensors beside each, what ONNX Runtime or the network itself gives
/// for `formula::input`: "output" (2, classes) of logits, or "probabilities". Those that are checked in, made by
/// tools/golden/onnx_files.py, or those of the folder that the environment names.
std::filesystem::path folder() {
  const char* other = std::getenv("ENXERTO_ONNX_BACKBONES");
  return other == nullptr ? std::string(ENXERTO_TEST_DATA "/onnx/backbones") : other;
}

std::vector<std::string> files() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder()))
    if (entry.path().extension() == ".onnx") names.push_back(entry.path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<float> softmax(std::span<const float> row) {
  const float largest = *std::max_element(row.begin(), row.end());
  std::vector<float> values;
  double sum = 0;
  for (const float value : row) sum += std::exp(static_cast<double>(value) - largest);
  for (const float value : row)
    values.push_back(static_cast<float>(std::exp(static_cast<double>(value) - largest) / sum));
  return values;
}

class OnnxBackbone : public ::testing::TestWithParam<std::string> {
 protected:
  OnnxBackbone()
      : wanted_(read_safetensors(folder() / (GetParam() + ".safetensors"))),
        backbone_(onnx_backbone(folder() / (GetParam() + ".onnx"),
                                {.weights = {}, .size = static_cast<int>(wanted_.at("size").as<std::int64_t>()[0])})) {}

  std::vector<Tensor> run(const Graph& graph, const std::vector<Tensor>& inputs) const {
    return testing::tensors_of(
        compile(graph, {.threads = 2, .streams = 1, .batch = 2})->run(testing::named(graph, inputs)));
  }

  Tensor pictures() const { return formula::input(2, image_of(backbone_.spec.preprocessor).size); }

  void expect_wanted(const Tensor& found) const {
    const bool probabilities = wanted_.contains("probabilities");
    const Tensor& wanted = wanted_.at(probabilities ? "probabilities" : "output");
    ASSERT_EQ(found.shape(), wanted.shape());
    double largest = 0, difference = 0;
    const auto width = static_cast<std::size_t>(wanted.shape()[1]);
    for (std::size_t row = 0; row < 2; ++row) {
      const auto values = found.as<float>().subspan(row * width, width);
      const std::vector<float> seen =
          probabilities ? softmax(values) : std::vector<float>(values.begin(), values.end());
      for (std::size_t i = 0; i < width; ++i) {
        const double expected = wanted.as<float>()[row * width + i];
        largest = std::max(largest, std::abs(expected));
        difference = std::max(difference, std::abs(seen[i] - expected));
      }
    }
    RecordProperty("difference", fmt::format("{:.1e}", difference / largest));
    EXPECT_LE(difference, kTolerance * largest);
  }

  static void expect_equal(const Tensor& found, const Tensor& wanted) {
    ASSERT_EQ(found.shape(), wanted.shape());
    double largest = 0;
    for (const float value : wanted.as<float>()) largest = std::max(largest, std::abs(static_cast<double>(value)));
    for (std::size_t i = 0; i < wanted.size(); ++i)
      EXPECT_NEAR(found.as<float>()[i], wanted.as<float>()[i], kTolerance * largest) << i;
  }

  StateDict wanted_;
  Backbone backbone_;
};

TEST_P(OnnxBackbone, GivesWhatTheFileGave) {
  std::string stages;
  for (const std::string& stage : backbone_.graph.stages()) stages += stage + " ";
  RecordProperty("stages", stages);
  expect_wanted(run(backbone_.graph, {pictures()}).at(0));
}

TEST_P(OnnxBackbone, IsCutAtItsStages) {
  const std::vector<std::string> stages = backbone_.graph.stages();
  ASSERT_GE(stages.size(), 3U);
  EXPECT_EQ(stages.back(), "head");
  const bool is_small = total(cost(backbone_.graph)).parameter_bytes <= kSmall;
  for (std::size_t i = 1; i < stages.size(); ++i) {
    const Halves halves = cut(backbone_.graph, stages[i]);
    EXPECT_EQ(halves.prefix.outputs.size(), 1U) << stages[i];
    if (is_small || i == stages.size() / 2) expect_wanted(run(halves.suffix, run(halves.prefix, {pictures()})).at(0));
  }
}

TEST_P(OnnxBackbone, GivesPooledFeaturesBeforeItsHead) {
  const Halves halves = cut_at_frontier(backbone_.graph, "head");
  ASSERT_EQ(halves.prefix.outputs.size(), 1U);
  const SymbolicShape& shape = halves.prefix.outputs[0].shape;
  EXPECT_TRUE(shape[0].is_symbolic() && (shape.size() == 2 || shape.size() == 4)) << to_string(shape);
  expect_wanted(run(halves.suffix, run(halves.prefix, {pictures()})).at(0));
}

TEST_P(OnnxBackbone, LetsANewHeadSeeWhatTheNetworkItselfPooled) {
  if (!wanted_.contains("pooled")) return;
  expect_equal(run(frozen_part(backbone_.graph), {pictures()}).at(0), wanted_.at("pooled"));
}

/// "features" of "features_dynamo_20".
std::string network_of(const std::string& name) {
  return name.substr(0, std::min(name.find("_dynamo"), name.find("_script")));
}

TEST(OnnxBackboneStages, AreNamedTheSameWhicheverExporterWroteTheFile) {
  std::map<std::string, std::vector<std::string>> known;
  for (const std::string& name : files()) {
    const std::vector<std::string> stages = onnx_backbone(folder() / (name + ".onnx"), {}).graph.stages();
    EXPECT_EQ(known.try_emplace(network_of(name), stages).first->second, stages) << name;
  }
  if (const auto found = known.find("features"); found != known.end()) {
    EXPECT_EQ(found->second, (std::vector<std::string>{"conv0", "block1", "block2", "block3", "head"}))
        << "a normalisation at the end is no stage of its own";
  }
}

INSTANTIATE_TEST_SUITE_P(OnnxBackbones, OnnxBackbone, ::testing::ValuesIn(files()),
                         [](const auto& row) { return row.param; });

}  // namespace
}  // namespace enxerto
