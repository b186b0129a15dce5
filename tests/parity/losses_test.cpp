#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "enxerto/engine/executor.h"
#include "enxerto/heads/loss.h"
#include "enxerto/weights/safetensors.h"

namespace enxerto {
namespace {

/// Those of tools/golden/losses.py.
struct Case {
  const char* peer;
  const char* name;
  LossSpec spec;
};
std::ostream& operator<<(std::ostream& out, const Case& row) { return out << row.peer << "/" << row.name; }

const std::vector<double> kWeights{0.5, 2.0, 1.0, 0.25}, kPair{0.5, 3.0};

std::vector<Case> cases() {
  const std::string categorical = "categorical_cross_entropy", sparse = "sparse_categorical_cross_entropy";
  const std::string binary = "binary_cross_entropy";
  return {
      {"torch", "categorical", {.kind = categorical}},
      {"torch", "categorical_smoothed", {.kind = categorical, .label_smoothing = 0.1}},
      {"torch", "categorical_weighted", {.kind = categorical, .label_smoothing = 0.1, .class_weights = kWeights}},
      {"torch", "categorical_far", {.kind = categorical}},
      {"torch", "sparse", {.kind = sparse}},
      {"torch", "sparse_weighted", {.kind = sparse, .label_smoothing = 0.1, .class_weights = kWeights}},
      {"torch", "sparse_far", {.kind = sparse}},
      {"torch", "binary", {.kind = binary}},
      {"torch", "binary_many", {.kind = binary}},
      {"torch", "binary_weighted", {.kind = binary, .class_weights = kPair}},
      {"torch", "binary_many_weighted", {.kind = binary, .class_weights = kWeights}},
      {"torch", "binary_far", {.kind = binary}},
      {"torch", "binary_focal", {.kind = "binary_focal"}},
      {"torch", "binary_focal_without_alpha", {.kind = "binary_focal", .focal_gamma = 0.5, .focal_alpha = -1}},
      {"torch", "binary_focal_soft", {.kind = "binary_focal"}},
      {"torch", "binary_focal_far", {.kind = "binary_focal"}},
      {"torch", "mean_squared_error", {.kind = "mean_squared_error"}},
      {"torch", "huber", {.kind = "huber", .huber_delta = 0.7}},
      {"keras", "categorical", {.kind = categorical}},
      {"keras", "categorical_smoothed", {.kind = categorical, .label_smoothing = 0.1}},
      {"keras", "categorical_weighted", {.kind = categorical, .class_weights = kWeights}},
      {"keras", "sparse", {.kind = sparse}},
      {"keras", "sparse_weighted", {.kind = sparse, .class_weights = kWeights}},
      {"keras", "binary", {.kind = binary}},
      {"keras", "binary_smoothed", {.kind = binary, .label_smoothing = 0.2}},
      {"keras", "binary_many", {.kind = binary}},
      {"keras", "binary_weighted", {.kind = binary, .class_weights = kPair}},
      {"keras", "focal", {.kind = "focal"}},
      {"keras", "focal_mild", {.kind = "focal", .focal_gamma = 0.5}},
      {"keras", "mean_squared_error", {.kind = "mean_squared_error"}},
      {"keras", "huber", {.kind = "huber", .huber_delta = 0.7}},
  };
}

StateDict goldens(const std::string& peer) {
  return read_safetensors(std::string(ENXERTO_TEST_DATA "/heads/losses_") + peer + ".safetensors");
}

Tensor in_single(const Tensor& tensor) {
  if (tensor.dtype() != DType::f64) return tensor;
  const auto values = tensor.as<double>();
  const std::vector<float> single(values.begin(), values.end());
  return Tensor::of<float>(tensor.shape(), std::span<const float>(single));
}

class Loss : public ::testing::TestWithParam<Case> {};

TEST_P(Loss, IsThatOfTheOriginal) {
  const Case& row = GetParam();
  const StateDict golden = goldens(row.peer);
  const std::string name = row.name;
  const Tensor logits = in_single(golden.at(name + "/logits")), target = in_single(golden.at(name + "/target"));
  const Graph graph = loss_graph(row.spec, {"logits", DType::f32, {"batch", logits.shape()[1]}});
  const Tensor loss = compile(graph, {.threads = 1, .streams = 1, .batch = 6})
                          ->run({{"logits", logits}, {"target", target}})
                          .at("loss");
  ASSERT_EQ(loss.size(), 1U);
  const double wanted = golden.at(name + "/loss").as<double>()[0];
  EXPECT_NEAR(loss.as<float>()[0], wanted, 2e-6 * std::max(1.0, wanted));
}

INSTANTIATE_TEST_SUITE_P(Losses, Loss, ::testing::ValuesIn(cases()),
                         [](const auto& row) { return std::string(row.param.peer) + "_" + row.param.name; });

TEST(LossGoldens, AreAllCompared) {
  for (const char* peer : {"torch", "keras"}) {
    std::size_t compared = 0;
    for (const Case& row : cases()) compared += row.peer == std::string(peer) ? 1 : 0;
    EXPECT_EQ(goldens(peer).size(), 3 * compared);
  }
}

}  // namespace
}  // namespace enxerto
