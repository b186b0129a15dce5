#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include <cmath>

#include "enxerto/engine/torch/graph_runner.h"
#include "enxerto/engine/torch/tensors.h"
#include "tests/engine/torch/golden_tensors.h"

namespace enxerto {
namespace {

constexpr std::int64_t kSpoken = 6, kCtcFrames = 11, kCtcWidth = 5, kMostLabels = 7;  // of tools/golden/ctc.py

std::vector<std::int64_t> whole(const std::vector<double>& values) { return {values.begin(), values.end()}; }

Tensor of_doubles(const Shape& shape, const std::vector<double>& values) {
  return Tensor::of<double>(shape, std::span<const double>(values));
}

GraphRunner ctc(const std::map<std::string, std::vector<double>>& golden, bool zero_infinity) {
  Graph graph;
  graph.name = "ctc";
  graph.parameters.set("logits", of_doubles({kSpoken, kCtcFrames, kCtcWidth}, golden.at("logits")));
  const auto labels = whole(golden.at("labels")), lengths = whole(golden.at("lengths"));
  graph.parameters.set("labels",
                       Tensor::of<std::int64_t>({kSpoken, kMostLabels}, std::span<const std::int64_t>(labels)));
  graph.parameters.set("lengths", Tensor::of<std::int64_t>({kSpoken}, std::span<const std::int64_t>(lengths)));
  graph.nodes.push_back({"loss",
                         "CtcLoss",
                         "loss",
                         {"logits", "labels", "lengths"},
                         {"losses"},
                         {{"zero_infinity", std::int64_t{zero_infinity ? 1 : 0}}}});
  graph.outputs = {{"losses", DType::f64, {kSpoken}}};
  return {graph, {}};
}

std::vector<double> values_of(const at::Tensor& tensor) {
  const at::Tensor flat = tensor.detach().to(at::kDouble).contiguous().reshape({-1});
  return {flat.const_data_ptr<double>(), flat.const_data_ptr<double>() + flat.numel()};
}

void expect_near(const std::vector<double>& found, const std::vector<double>& wanted, double limit) {
  ASSERT_EQ(found.size(), wanted.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    const double apart = found[i] == wanted[i] ? 0 : std::abs(found[i] - wanted[i]);  // infinity less itself is none
    EXPECT_LE(apart, limit) << i;
  }
}

TEST(CtcLoss, IsThatOfPyTorchWithRepeatedLabelsNoneAndTooMany) {
  const auto golden = testing::golden_tensors(ENXERTO_TEST_DATA "/engine/ctc_loss.safetensors");
  const at::NoGradGuard no_gradients;
  expect_near(values_of(ctc(golden, false).run({}, {}).front()), golden.at("infinite"), 1e-9);
  expect_near(values_of(ctc(golden, true).run({}, {}).front()), golden.at("zero"), 1e-9);
  EXPECT_TRUE(std::isinf(golden.at("infinite")[3])) << "seven labels that are the same need thirteen frames";
  EXPECT_EQ(golden.at("zero")[3], 0);
}

TEST(CtcLoss, HasTheGradientOfPyTorch) {
  const auto golden = testing::golden_tensors(ENXERTO_TEST_DATA "/engine/ctc_loss.safetensors");
  GraphRunner runner = ctc(golden, true);
  at::Tensor& logits = runner.parameter("logits");
  logits.set_requires_grad(true);
  const at::Tensor counts = at::tensor({3., 4., 1., 7., 1., 7.}, at::kDouble);
  const at::Tensor mean = (runner.run({}, {}).front() / counts).mean();
  torch::autograd::backward({mean}, {});
  EXPECT_NEAR(mean.item<double>(), golden.at("mean")[0], 1e-9);
  expect_near(values_of(logits.grad()), golden.at("gradient"), 1e-9);
}

}  // namespace
}  // namespace enxerto
