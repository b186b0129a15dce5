#include "enxerto/graph/cut.h"

#include <algorithm>
#include <functional>

#include <gtest/gtest.h>

#include "enxerto/base/error.h"
#include "enxerto/graph/fingerprint.h"
#include "enxerto/graph/infer.h"
#include "tests/graph/small_network.h"

namespace enxerto {
namespace {

/// (batch, 4) -> (batch, 2)
Graph small_head(const std::string& parameter = "classifier.weight") {
  Graph head{"head", {{"features", DType::f32, {"batch", 4}}}, {{"scores", DType::f32, {"batch", 2}}}, {}, {}};
  head.nodes.push_back({"classifier", "Gemm", "classifier", {"features", parameter}, {"scores"}, {}});
  head.parameters.set(parameter, Tensor::of<float>({4, 2}, {1, 2, 3, 4, 5, 6, 7, 8}));
  return head;
}

std::string usage_error(const std::function<void()>& act) {
  try {
    act();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    return error.what();
  }
  return "";
}

TEST(Cut, SharesTensorsWithTheWholeGraph) {
  const Graph whole = small_network();
  const Halves halves = cut(whole, "body");
  EXPECT_EQ(halves.prefix.parameters.size() + halves.suffix.parameters.size(), whole.parameters.size());
  for (const Graph* half : {&halves.prefix, &halves.suffix}) {
    for (const auto& [name, tensor] : half->parameters) EXPECT_EQ(tensor.data(), whole.parameters.at(name).data());
  }
}

TEST(Cut, NamesWhatCrossesInBothHalves) {
  const Halves halves = cut(small_network(), "body");
  ASSERT_EQ(halves.prefix.outputs.size(), 1U);
  ASSERT_EQ(halves.suffix.inputs.size(), 1U);
  EXPECT_EQ(halves.prefix.outputs[0].name, "act1");
  EXPECT_EQ(halves.suffix.inputs[0].name, "act1");
  EXPECT_EQ(to_string(halves.suffix.inputs[0].shape), "(batch, 4, 8, 8)");
  EXPECT_EQ(halves.prefix.stages(), std::vector<std::string>{"stem"});
  EXPECT_EQ(halves.suffix.stages(), (std::vector<std::string>{"body", "head"}));
}

TEST(Cut, JoinedIsTheWholeAgain) {
  const Graph whole = small_network();
  for (const std::string& stage : whole.stages()) {
    const Halves halves = cut(whole, stage);
    const Graph joined = join(halves.prefix, halves.suffix);
    EXPECT_EQ(fingerprint(joined), fingerprint(whole)) << stage;
    EXPECT_EQ(joined.nodes.size(), whole.nodes.size()) << stage;
  }
}

TEST(Cut, BeforeTheFirstStageLeavesAnEmptyPrefix) {
  const Halves halves = cut(small_network(), "stem");
  EXPECT_TRUE(halves.prefix.nodes.empty());
  EXPECT_EQ(halves.suffix.inputs[0].name, "input");
}

TEST(Cut, GivesEachHalfItsOwnConstants) {
  Graph whole = small_network();
  // The second activation takes its limits from the first stage's constants.
  Node& second = *std::find_if(whole.nodes.begin(), whole.nodes.end(), [](const Node& n) { return n.name == "act2"; });
  const Node& first =
      *std::find_if(whole.nodes.begin(), whole.nodes.end(), [](const Node& n) { return n.name == "act1"; });
  const std::vector<std::string> own = second.inputs;
  second.inputs = {own[0], first.inputs[1], first.inputs[2]};
  std::erase_if(whole.nodes, [&](const Node& node) { return node.name == own[1] || node.name == own[2]; });
  const Halves halves = cut(whole, "body");
  EXPECT_EQ(halves.suffix.inputs.size(), 1U);
  const auto copies = std::count_if(halves.suffix.nodes.begin(), halves.suffix.nodes.end(),
                                    [](const Node& node) { return node.op == "Constant" && node.stage == "body"; });
  EXPECT_EQ(copies, 2);
  EXPECT_EQ(fingerprint(join(halves.prefix, halves.suffix)), fingerprint(whole));
}

TEST(Cut, TellsTheStagesWhereTheNameIsWrong) {
  const std::string text = usage_error([] { cut(small_network(), "bdy"); });
  EXPECT_NE(text.find("one of body, stem, head"), std::string::npos) << text;
}

TEST(Frontier, OfAPooledHeadIsThePooledFeatures) {
  const Halves halves = cut_at_frontier(small_network(), "head");
  ASSERT_EQ(halves.prefix.outputs.size(), 1U);
  EXPECT_EQ(halves.prefix.outputs[0].name, "pool.flatten");
  EXPECT_EQ(to_string(halves.prefix.outputs[0].shape), "(batch, 4)");
  EXPECT_EQ(halves.suffix.nodes.size(), 1U);
}

TEST(Frontier, StaysAtTheCutWhereAParameterIsTrainedAtOnce) {
  EXPECT_EQ(cut_at_frontier(small_network(), "body").prefix.outputs[0].name, "act1");
}

TEST(Frontier, StaysWhereTheMapWouldGrow) {
  Graph whole = small_network();
  Node pad{"pad", "Pad", "head", {"act2", "pads"}, {"padded"}, {}};
  whole.parameters.set("pads", Tensor::of<std::int64_t>({8}, {0, 0, 1, 1, 0, 0, 1, 1}));
  const auto pool =
      std::find_if(whole.nodes.begin(), whole.nodes.end(), [](const Node& n) { return n.name == "pool"; });
  pool->inputs[0] = "padded";
  whole.nodes.insert(pool, pad);
  EXPECT_EQ(cut_at_frontier(whole, "head").prefix.outputs[0].name, "act2");
}

TEST(WithHead, ReplacesTheStagesFromThereOn) {
  const Graph pooled = cut_at_frontier(small_network(), "head").prefix;
  const Graph whole = append(pooled, small_head());
  EXPECT_EQ(whole.outputs[0].name, "scores");
  EXPECT_EQ(to_string(infer_shapes(whole).at("scores").shape), "(batch, 2)");
  EXPECT_EQ(whole.parameters.contains("fc.weight"), false);
  EXPECT_EQ(whole.stages().back(), "classifier");

  Graph head = small_head();
  head.inputs[0].shape = {"batch", 4, 8, 8};
  head.nodes.insert(head.nodes.begin(), {"gap", "GlobalAveragePool", "classifier", {"features"}, {"gap"}, {}});
  head.nodes.insert(head.nodes.begin() + 1,
                    {"flat", "Flatten", "classifier", {"gap"}, {"flat"}, {{"axis", std::int64_t{1}}}});
  head.nodes[2].inputs[0] = "flat";
  EXPECT_EQ(fingerprint(with_head(small_network(), "head", head)), fingerprint(whole));
}

TEST(WithHead, RefusesNamesThatClash) {
  const Graph pooled = cut_at_frontier(small_network(), "head").prefix;
  EXPECT_NE(usage_error([&] { append(pooled, small_head("conv1.weight")); }), "");
  Graph head = small_head();
  head.nodes[0].name = "conv1";
  EXPECT_NE(usage_error([&] { append(pooled, head); }), "");
}

TEST(WithHead, RefusesAHeadOfTwoInputs) {
  Graph head = small_head();
  head.inputs.push_back({"mask", DType::f32, {"batch"}});
  EXPECT_NE(usage_error([&] { with_head(small_network(), "head", head); }), "");
}

}  // namespace
}  // namespace enxerto
