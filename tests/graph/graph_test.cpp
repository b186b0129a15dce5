#include "enxerto/graph/graph.h"

#include <gtest/gtest.h>

#include "enxerto/base/error.h"
#include "enxerto/graph/attributes.h"
#include "tests/graph/small_network.h"

namespace enxerto {
namespace {

std::string found_by_check(const Graph& graph) {
  try {
    check(graph);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::weights);
    return error.text().found;
  }
  return "";
}

TEST(Graph, ListsItsStagesInOrder) {
  EXPECT_EQ(small_network().stages(), (std::vector<std::string>{"stem", "body", "head"}));
}

TEST(Graph, AcceptsAWellFormedNetwork) { EXPECT_EQ(found_by_check(small_network()), ""); }

TEST(Graph, RefusesTwoNodesOfOneName) {
  Graph graph = small_network();
  graph.nodes[1].name = graph.nodes[2].name;
  EXPECT_NE(found_by_check(graph).find("two nodes"), std::string::npos);
}

TEST(Graph, RefusesAValueThatIsDefinedTwice) {
  Graph graph = small_network();
  graph.nodes[1].outputs = graph.nodes[0].outputs;
  EXPECT_NE(found_by_check(graph).find("defined twice"), std::string::npos);
}

TEST(Graph, RefusesNodesOutOfOrder) {
  Graph graph = small_network();
  std::swap(graph.nodes[0], graph.nodes[1]);
  EXPECT_NE(found_by_check(graph).find("before it is defined"), std::string::npos);
}

TEST(Graph, RefusesAnOutputThatNothingMakes) {
  Graph graph = small_network();
  graph.outputs[0].name = "nothing";
  EXPECT_NE(found_by_check(graph).find("'nothing' is not defined"), std::string::npos);
}

TEST(Graph, RefusesAParameterThatNothingUses) {
  Graph graph = small_network();
  graph.parameters.set("spare", Tensor::scalar(1.0F));
  EXPECT_NE(found_by_check(graph).find("'spare' is not used"), std::string::npos);
}

TEST(Graph, RefusesAStageThatBeginsAgain) {
  Graph graph = small_network();
  graph.nodes.back().stage = "stem";
  EXPECT_NE(found_by_check(graph).find("begins again"), std::string::npos);
}

TEST(Attributes, GiveTheFallbackWhereTheyAreMissing) {
  const Node node{"n", "Conv", "", {}, {}, {{"group", std::int64_t{4}}}};
  EXPECT_EQ(attribute<std::int64_t>(node, "group", 1), 4);
  EXPECT_EQ(attribute<std::int64_t>(node, "other", 7), 7);
}

TEST(Attributes, RefuseAnotherType) {
  const Node node{"n", "Conv", "", {}, {}, {{"group", 4.0F}}};
  EXPECT_THROW(attribute<std::int64_t>(node, "group", 1), Error);
  EXPECT_THROW(required_attribute<float>(node, "missing"), Error);
}

}  // namespace
}  // namespace enxerto
