#include "enxerto/pretrained/onnx/classifier_head.h"

#include <gtest/gtest.h>

namespace enxerto {
namespace {

/// A map that is averaged, what `between` names of it ("average" to "last"), and a dense layer on `last`.
Graph averaged_map(std::vector<Node> between, const std::string& last) {
  Graph graph{"net", {{"x", DType::f32, {"batch", 3, 8, 8}}}, {{"y", DType::f32, {"batch", 5}}}, {}, {}};
  graph.parameters.set("conv.weight", Tensor::of<float>({4, 3, 1, 1}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}));
  graph.parameters.set("power", Tensor::scalar(1.0F / 3));
  const std::vector<float> weight(20, 0.5F);
  graph.parameters.set("fc.weight", Tensor::of<float>({5, 4}, std::span<const float>(weight)));
  graph.parameters.set("fc.bias", Tensor::of<float>({5}, {0, 0, 0, 0, 0}));
  graph.nodes = {{"conv", "Conv", "", {"x", "conv.weight"}, {"map"}, {}},
                 {"pool", "GlobalAveragePool", "", {"map"}, {"pooled"}, {}},
                 {"flat", "Flatten", "", {"pooled"}, {"average"}, {{"axis", std::int64_t{1}}}}};
  for (Node& node : between) graph.nodes.push_back(std::move(node));
  graph.nodes.push_back({"fc", "Gemm", "", {last, "fc.weight", "fc.bias"}, {"y"}, {{"transB", std::int64_t{1}}}});
  return graph;
}

TEST(ClassifierHead, BeginsAtTheMapThatIsAveraged) {
  EXPECT_EQ(find_head(averaged_map({}, "average")).features, "map");
}

TEST(ClassifierHead, LeavesTheRootOfAGeneralisedMeanToTheBody) {
  const Graph graph = averaged_map({{"root", "Pow", "", {"average", "power"}, {"root"}, {}}}, "root");
  const ClassifierHead head = find_head(graph);
  EXPECT_TRUE(head.classifies);
  EXPECT_EQ(head.features, "root");
  EXPECT_EQ(head.begin, graph.nodes.size() - 1);
}

TEST(ClassifierHead, LeavesAnActivationBeforeTheOnlyDenseLayerToTheBody) {
  for (const char* op : {"Relu", "Sqrt", "Sigmoid"}) {
    const Graph graph = averaged_map({{"last", op, "", {"average"}, {"last"}, {}}}, "last");
    EXPECT_EQ(find_head(graph).features, "last") << op;
  }
}

TEST(ClassifierHead, BeginsBehindAnActivationWhereSeveralDenseLayersFollow) {
  Graph graph = averaged_map({{"bent", "Sqrt", "", {"average"}, {"bent"}, {}},
                              {"fc0", "MatMul", "", {"bent", "fc0.weight"}, {"fc0"}, {}},
                              {"relu", "Relu", "", {"fc0"}, {"hidden"}, {}}},
                             "hidden");
  const std::vector<float> weight(16, 0.25F);
  graph.parameters.set("fc0.weight", Tensor::of<float>({4, 4}, std::span<const float>(weight)));
  EXPECT_EQ(find_head(graph).features, "bent");
}

TEST(ClassifierHead, MayHaveAScaleBehindItsDenseLayer) {
  Graph graph = averaged_map({}, "average");
  graph.nodes.back().outputs = {"directions"};
  graph.parameters.set("scale", Tensor::scalar(16.0F));
  graph.nodes.push_back({"scaled", "Mul", "", {"directions", "scale"}, {"y"}, {}});
  const ClassifierHead head = find_head(graph);
  EXPECT_TRUE(head.classifies);
  EXPECT_EQ(head.features, "map");
}

}  // namespace
}  // namespace enxerto
