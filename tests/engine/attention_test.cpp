#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "enxerto/base/to_size.h"
#include "enxerto/engine/executor.h"
#include "tests/engine/small_networks.h"

namespace enxerto {
namespace {

using Ints = std::vector<std::int64_t>;

Node node(const std::string& op, std::vector<std::string> inputs, const std::string& output,
          Attributes attributes = {}) {
  return {output, op, "", std::move(inputs), {output}, std::move(attributes)};
}

/// Queries, keys and values of `tokens`, side by side, to what `heads` make of them: as exporters write attention.
Graph attention(std::int64_t tokens, std::int64_t heads, std::int64_t width) {
  Graph graph{"attention",
              {{"x", DType::f32, {"batch", tokens, 3 * heads * width}}},
              {{"y", DType::f32, {"batch", tokens, heads * width}}},
              {},
              {}};
  const auto ints = [&](const std::string& name, const Ints& values) {
    graph.parameters.set(name, Tensor::of<std::int64_t>({static_cast<std::int64_t>(values.size())}, std::span(values)));
  };
  ints("parted", {-1, tokens, 3, heads, width});
  ints("joined", {-1, tokens, heads * width});
  for (std::int64_t i = 0; i < 3; ++i) graph.parameters.set("at" + std::to_string(i), Tensor::scalar(i));
  graph.parameters.set("scale", Tensor::scalar(static_cast<float>(1 / std::sqrt(static_cast<double>(width)))));
  graph.nodes = {node("Reshape", {"x", "parted"}, "five"),
                 node("Transpose", {"five"}, "turned", {{"perm", Ints{2, 0, 3, 1, 4}}}),
                 node("Gather", {"turned", "at0"}, "q", {{"axis", std::int64_t{0}}}),
                 node("Gather", {"turned", "at1"}, "k", {{"axis", std::int64_t{0}}}),
                 node("Gather", {"turned", "at2"}, "v", {{"axis", std::int64_t{0}}}),
                 node("Transpose", {"k"}, "kt", {{"perm", Ints{0, 1, 3, 2}}}),
                 node("MatMul", {"q", "kt"}, "products"),
                 node("Mul", {"products", "scale"}, "scaled"),
                 node("Softmax", {"scaled"}, "shares", {{"axis", std::int64_t{-1}}}),
                 node("MatMul", {"shares", "v"}, "mixed"),
                 node("Transpose", {"mixed"}, "back", {{"perm", Ints{0, 2, 1, 3}}}),
                 node("Reshape", {"back", "joined"}, "y")};
  return graph;
}

/// The same, written out.
std::vector<float> attended(std::span<const float> x, std::size_t tokens, std::size_t heads, std::size_t width) {
  const auto at = [&](std::size_t token, std::size_t part, std::size_t head, std::size_t i) {
    return static_cast<double>(x[((token * 3 + part) * heads + head) * width + i]);
  };
  std::vector<float> y;
  for (std::size_t t = 0; t < tokens; ++t)
    for (std::size_t h = 0; h < heads; ++h) {
      std::vector<double> shares(tokens);
      double sum = 0;
      for (std::size_t s = 0; s < tokens; ++s) {
        double product = 0;
        for (std::size_t i = 0; i < width; ++i) product += at(t, 0, h, i) * at(s, 1, h, i);
        sum += shares[s] = std::exp(product / std::sqrt(static_cast<double>(width)));
      }
      for (std::size_t i = 0; i < width; ++i) {
        double mixed = 0;
        for (std::size_t s = 0; s < tokens; ++s) mixed += shares[s] / sum * at(s, 2, h, i);
        y.push_back(static_cast<float>(mixed));
      }
    }
  return y;
}

TEST(Attention, IsRightWhereverDimensionsAreOfOneSize) {
  for (const auto& [tokens, heads, width] :
       {std::array<std::int64_t, 3>{4, 4, 8}, {16, 16, 16}, {8, 4, 8}, {8, 4, 4}}) {
    const Tensor x = testing::tensor_of({1, tokens, 3 * heads * width}, 7);
    const Tensor y = compile(attention(tokens, heads, width), {.threads = 1, .streams = 1})->run(x);
    const std::vector<float> expected = attended(x.as<float>(), to_size(tokens), to_size(heads), to_size(width));
    double worst = 0;
    for (std::size_t i = 0; i < expected.size(); ++i)
      worst = std::max(worst, std::abs(static_cast<double>(expected[i]) - static_cast<double>(y.as<float>()[i])));
    EXPECT_LT(worst, 1e-5) << tokens << " tokens, " << heads << " heads";
  }
}

}  // namespace
}  // namespace enxerto
