#include "enxerto/graph/fingerprint.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "tests/graph/small_network.h"

namespace enxerto {
namespace {

TEST(Fingerprint, DoesNotDependOnNames) {
  const Graph graph = small_network();
  Graph renamed = graph;
  renamed.name = "other";
  for (Node& node : renamed.nodes) {
    node.name = "a_" + node.name;
    node.stage = "b_" + node.stage;
    for (std::string& name : node.inputs) name = "c_" + name;
    for (std::string& name : node.outputs) name = "c_" + name;
  }
  for (Value& value : renamed.inputs) value.name = "c_" + value.name;
  for (Value& value : renamed.outputs) value.name = "c_" + value.name;
  renamed.parameters = {};
  for (const auto& [name, tensor] : graph.parameters) renamed.parameters.set("c_" + name, tensor);
  check(renamed);
  EXPECT_EQ(fingerprint(renamed), fingerprint(graph));
}

TEST(Fingerprint, ChangesWithAnyParameter) {
  const Graph graph = small_network();
  for (const auto& [name, tensor] : graph.parameters) {
    Graph changed = graph;
    TensorBuffer buffer(DType::f32, tensor.shape());
    std::copy_n(tensor.data(), tensor.byte_size(), buffer.data());
    buffer.as<float>().back() += 0x1p-10F;
    changed.parameters.set(name, std::move(buffer).freeze());
    EXPECT_NE(fingerprint(changed), fingerprint(graph)) << name;
  }
}

TEST(Fingerprint, ChangesWithAnAttribute) {
  Graph changed = small_network();
  for (Node& node : changed.nodes) {
    if (node.name == "bn1") node.attributes["epsilon"] = 1e-5F;
  }
  EXPECT_NE(fingerprint(changed), fingerprint(small_network()));
}

TEST(Fingerprint, ChangesWithTheInputAndTheOutput) {
  Graph changed = small_network();
  changed.inputs[0].shape[2] = 9;
  EXPECT_NE(fingerprint(changed), fingerprint(small_network()));
  changed = small_network();
  changed.outputs[0].name = "pool.flatten";
  EXPECT_NE(fingerprint(changed), fingerprint(small_network()));
}

TEST(Fingerprint, DependsOnWhichInputGoesWhere) {
  const auto difference = [](std::vector<std::string> inputs) {
    const SymbolicShape shape{"batch", 2};
    Graph graph{"d", {{"a", DType::f32, shape}, {"b", DType::f32, shape}}, {{"y", DType::f32, shape}}, {}, {}};
    graph.nodes.push_back({"sub", "Sub", "", std::move(inputs), {"y"}, {}});
    return fingerprint(graph);
  };
  EXPECT_NE(difference({"a", "b"}), difference({"b", "a"}));
}

}  // namespace
}  // namespace enxerto
