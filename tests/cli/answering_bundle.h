#pragma once
#include <string>
#include <utility>
#include <vector>

#include "tests/bundle/tiny_bundle.h"

namespace enxerto::test {

/// A model for `task` that gives the same answer of this shape for every picture.
inline Bundle answering_bundle(const std::string& task, std::vector<std::string> labels, const Shape& shape,
                               const std::vector<float>& answer) {
  Bundle bundle = enxerto::testing::color_bundle();
  bundle.task = task;
  bundle.labels = std::move(labels);
  const auto count = static_cast<std::int64_t>(answer.size());
  std::vector<std::int64_t> rows{0}, both{2};
  SymbolicShape symbolic{"batch"};
  for (const std::int64_t size : shape) {
    rows.push_back(size);
    both.push_back(size);
    symbolic.emplace_back(size);
  }
  Graph& graph = bundle.graph;
  graph.nodes[2].outputs = {"rows"};
  graph.nodes[3] = {"reshape", "Reshape", "head", {"rows", "shape"}, {"probabilities"}, {}};
  const auto rank = static_cast<std::int64_t>(rows.size());
  graph.nodes.insert(graph.nodes.begin(),
                     {"shape",
                      "Constant",
                      "head",
                      {},
                      {"shape"},
                      {{"value", Tensor::of<std::int64_t>({rank}, std::span<const std::int64_t>(rows))}}});
  graph.outputs[0].shape = symbolic;
  const std::vector<float> zeros(answer.size() * 3);
  graph.parameters.set("head.weight", Tensor::of<float>({count, 3}, std::span<const float>(zeros)));
  graph.parameters.set("head.bias", Tensor::of<float>({count}, std::span<const float>(answer)));
  std::vector<float> twice(answer);
  twice.insert(twice.end(), answer.begin(), answer.end());
  bundle.golden.set("output/probabilities",
                    Tensor::of<float>(Shape(both.begin(), both.end()), std::span<const float>(twice)));
  return bundle;
}

}  // namespace enxerto::test
