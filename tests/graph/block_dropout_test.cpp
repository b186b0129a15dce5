#include "enxerto/graph/block_dropout.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "enxerto/graph/builder.h"
#include "enxerto/graph/infer.h"
#include "enxerto/graph/initial_parameters.h"
#include "enxerto/graph/training_only.h"

namespace enxerto {
namespace {

/// Embeddings of two tables, their norm, and a block of one attention and one dense layer.
Graph one_block() {
  GraphBuilder net("net");
  net.stage("embeddings");
  const std::string ids = net.input("ids", {"batch", "tokens"}, DType::i64);
  const std::string words = net.add("Gather", "words", {net.parameter("table", {5, 4}), ids});
  const std::string types = net.add("Gather", "types", {net.parameter("types.table", {2, 4}), ids});
  const std::string x = net.layer_norm(net.add("Add", "sum", {words, types}), "norm", 1e-5F);
  net.stage("block0");
  const std::string key = net.add("Transpose", "key", {x}, {{"perm", std::vector<std::int64_t>{0, 2, 1}}});
  const std::string weights = net.add("Softmax", "weights", {net.add("MatMul", "scores", {x, key})});
  const std::string mixed = net.add("MatMul", "mixed", {weights, x});
  const std::string y = net.add("Add", "residual", {x, net.dense(mixed, "proj", 4)});
  net.output(net.layer_norm(y, "last", 1e-5F), "states");
  const Blueprint blueprint = std::move(net).finish();
  return blueprint.fill(initial_parameters(blueprint, {}));
}

std::vector<std::string> dropped_values(const Graph& graph) {
  std::vector<std::string> values;
  for (const Node& node : graph.nodes)
    if (is_training_only(node)) values.push_back(node.inputs.front());
  return values;
}

TEST(BlockDropout, IsOfTheEmbeddingsOfAttentionAndOfWhatABranchAdds) {
  EXPECT_EQ(dropped_values(with_block_dropout(one_block(), 0.1)),
            (std::vector<std::string>{"norm.whole", "weights", "proj"}));
}

TEST(BlockDropout, TakesTheRateEverywhereAndStaysInTheStage) {
  const Graph dropping = with_block_dropout(one_block(), 0.25);
  for (const Node& node : dropping.nodes) {
    if (!is_training_only(node)) continue;
    const auto ratio = std::ranges::find(dropping.nodes, node.inputs.at(1), &Node::name);
    EXPECT_FLOAT_EQ(std::get<Tensor>(ratio->attributes.at("value")).as<float>()[0], 0.25F);
    EXPECT_EQ(node.stage, node.inputs.front() == "norm.whole" ? "embeddings" : "block0");
  }
}

TEST(BlockDropout, KeepsShapesAndOutputs) {
  const Graph plain = one_block(), dropping = with_block_dropout(plain, 0.1);
  EXPECT_EQ(infer_shapes(dropping).at("states").shape, infer_shapes(plain).at("states").shape);
}

TEST(BlockDropout, ChangesNothingForARateOfZero) {
  EXPECT_EQ(with_block_dropout(one_block(), 0).nodes.size(), one_block().nodes.size());
}

TEST(BlockDropout, ChangesNothingWithoutBlocks) {
  GraphBuilder net("plain");
  net.stage("body");
  net.output(net.dense(net.input("x", {"batch", "tokens", 3}), "fc", 4), "y");
  const Blueprint blueprint = std::move(net).finish();
  const Graph plain = blueprint.fill(initial_parameters(blueprint, {}));
  EXPECT_EQ(with_block_dropout(plain, 0.1).nodes.size(), plain.nodes.size());
}

}  // namespace
}  // namespace enxerto
