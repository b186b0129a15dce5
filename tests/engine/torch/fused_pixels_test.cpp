#include "enxerto/engine/torch/fused_pixels.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include <algorithm>

#include "enxerto/engine/torch/graph_runner.h"
#include "enxerto/engine/torch/resized_rows.h"
#include "enxerto/graph/bilinear_resize.h"
#include "enxerto/graph/builder.h"

namespace enxerto {
namespace {

constexpr std::int64_t kBatch = 3, kClasses = 13, kRows = 5, kColumns = 7, kHeight = 37, kWidth = 29;

/// The logarithm of each pixel's class as a loss writes it, of scores that are a parameter.
/// `gaps`: pixels of a class below 0 count nothing.
Graph three_steps(bool gaps = false) {
  GraphBuilder net("pixels");
  net.stage("head");
  const std::string classes = net.input("classes", {kBatch, 1, kHeight, kWidth}, DType::i64);
  const std::string scores = net.parameter("scores", {kBatch, kClasses, kRows, kColumns});
  const std::string resized =
      net.add("Resize", "resized", {scores, "", "", net.integers({kHeight, kWidth})}, bilinear_resize());
  const std::string logarithms = net.add("LogSoftmax", "logarithms", {resized}, {{"axis", std::int64_t{1}}});
  const std::string numbers = gaps ? net.add("Max", "numbers", {classes, net.integers({0})}) : classes;
  std::string out = net.add("GatherElements", "of_class", {logarithms, numbers}, {{"axis", std::int64_t{1}}});
  if (gaps) {
    const std::string is_class = net.add("GreaterOrEqual", "is_class", {classes, net.integers({0})});
    out = net.add("Mul", "counted", {out, net.add("Cast", "there", {is_class}, {{"to", std::int64_t{1}}})});
  }
  net.output(out, "out");
  return std::move(net).finish().fill([] {
    StateDict parameters;
    parameters.set("scores", Tensor::of<float>({kBatch, kClasses, kRows, kColumns},
                                               std::vector<float>(kBatch * kClasses * kRows * kColumns)));
    return parameters;
  }());
}

struct Made {
  at::Tensor scores, classes, out, gradient;
};

/// By LibTorch's own operators.
Made reference(double spread) {
  at::Generator generator = at::detail::createCPUGenerator(7);
  Made made;
  made.scores = at::randn({kBatch, kClasses, kRows, kColumns}, generator) * spread;
  made.classes = at::randint(0, kClasses, {kBatch, 1, kHeight, kWidth}, generator, at::kLong);
  const at::Tensor scores = made.scores.to(at::kDouble).set_requires_grad(true);
  const at::Tensor resized = at::upsample_bilinear2d(scores, {kHeight, kWidth}, false);
  made.out = at::gather(at::log_softmax(resized, 1), 1, made.classes);
  torch::autograd::backward({at::sum(made.out * at::cos(made.out.detach()))}, {});
  made.gradient = scores.grad();
  return made;
}

double difference(const at::Tensor& a, const at::Tensor& b) {
  return ((a.to(at::kDouble) - b.to(at::kDouble)).abs().max() / b.abs().max().to(at::kDouble)).item<double>();
}

TEST(FusedPixels, AreOneOperationWhereNothingElseNeedsTheLargeMaps) {
  Graph graph = three_steps();
  const Graph fused = with_fused_pixels(graph);
  EXPECT_EQ(fused.nodes.back().op, kResizedLogarithms);
  EXPECT_EQ(fused.nodes.size() + 2, graph.nodes.size());
  graph.outputs.push_back({"resized", DType::f32, {kBatch, kClasses, kHeight, kWidth}});
  EXPECT_EQ(with_fused_pixels(graph).nodes.size(), graph.nodes.size());
}

TEST(FusedPixels, AndTheirGradientAreThoseOfTheThreeOperations) {
  for (const double spread : {1.0, 30.0}) {
    const Made wanted = reference(spread);
    GraphRunner runner(three_steps(), {});
    at::Tensor& scores = runner.parameter("scores");
    scores.copy_(wanted.scores);
    scores.set_requires_grad(true);
    const std::vector<at::Tensor> inputs{wanted.classes};
    const at::Tensor out = runner.run(inputs, {}).at(0);
    torch::autograd::backward({at::sum(out * at::cos(wanted.out.detach()).to(at::kFloat))}, {});
    EXPECT_LT(difference(out.detach(), wanted.out.detach()), 2e-6) << spread;
    EXPECT_LT(difference(scores.grad(), wanted.gradient), 1e-5) << spread;
  }
}

TEST(FusedPixels, LeaveOutPixelsWithoutAClassWhereTheyAreMultipliedByZero) {
  const Graph graph = three_steps(true);
  const Graph fused = with_fused_pixels(graph);
  const auto node = std::ranges::find(fused.nodes, kResizedLogarithms, &Node::op);
  ASSERT_NE(node, fused.nodes.end());
  EXPECT_EQ(node->inputs.at(2), "classes");
  const Made made = reference(3);
  at::Tensor classes = made.classes.clone();
  const at::Tensor none = at::eq(at::remainder(at::arange(classes.numel()).reshape(classes.sizes()), 3), 0);
  classes.masked_fill_(none, -1);
  GraphRunner runner(graph, {});
  runner.parameter("scores").copy_(made.scores);
  const std::vector<at::Tensor> inputs{classes};
  const at::Tensor out = runner.run(inputs, {}).at(0);
  EXPECT_LT(difference(out, made.out.detach().masked_fill(none, 0)), 2e-6);
}

TEST(FusedPixels, AreTheSameOnEveryProcessor) {
  const Made wanted = reference(3);
  const at::Tensor rows =
      at::constant_pad_nd(wanted.scores.permute({0, 2, 3, 1}), {0, 2 * kResizedLanes - kClasses}, -1e30).contiguous();
  const ResizedScores of{.scores = rows.const_data_ptr<float>(),
                         .rows = kRows,
                         .columns = kColumns,
                         .width = 2 * kResizedLanes,
                         .classes = wanted.classes.const_data_ptr<std::int64_t>(),
                         .out_rows = kHeight,
                         .out_columns = kWidth};
  std::vector<float> plain(kHeight * kWidth), best(plain), plain_sums(plain), best_sums(plain);
  kResizedRowsSse2.forward(of, plain.data(), plain_sums.data());
  resized_rows().forward(of, best.data(), best_sums.data());
  std::vector<float> gradient(static_cast<std::size_t>(rows.numel() / kBatch)), other(gradient.size());
  kResizedRowsSse2.backward(of, best.data(), gradient.data());
  resized_rows().backward(of, best.data(), other.data());
  for (std::size_t i = 0; i < plain.size(); ++i) {
    EXPECT_NEAR(plain[i], best[i], 1e-5) << i;
    EXPECT_NEAR(plain_sums[i], best_sums[i], 1e-5) << i;
  }
  for (std::size_t i = 0; i < gradient.size(); ++i) EXPECT_NEAR(gradient[i], other[i], 1e-3) << i;
}

}  // namespace
}  // namespace enxerto
