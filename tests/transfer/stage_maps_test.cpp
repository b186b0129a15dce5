#include "enxerto/transfer/stage_maps.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/graph/builder.h"
#include "enxerto/graph/fingerprint.h"
#include "enxerto/graph/initial_parameters.h"
#include "enxerto/transfer/graft.h"
#include "enxerto/transfer/phase_cut.h"
#include "tests/engine/small_networks.h"

namespace enxerto {
namespace {

/// Stages "stem", "middle", "deep" and "wide" with maps of 16, 4, 2 and 2 px in an input of 64 px, and a head.
Graph pyramid() {
  GraphBuilder net("pyramid");
  std::string x = net.input("input", {"batch", 3, 64, 64});
  const auto layer = [&](const std::string& stage, std::int64_t out, std::int64_t stride) {
    net.stage(stage);
    x = net.conv(x, {.name = stage + ".conv", .out = out, .kernel = 3, .stride = stride, .padding = Padding::centered});
    x = net.relu(net.batch_norm(x, stage + ".norm", 1e-3F), stage + ".act");
  };
  layer("stem", 4, 4);
  layer("middle", 6, 4);
  layer("deep", 8, 2);
  layer("wide", 16, 1);
  net.stage("head");
  net.output(net.linear(net.global_average_pool(x, "pool"), "fc", 3), "logits");
  return testing::filled(std::move(net).finish());
}

std::vector<std::string> names_of_maps(const std::vector<Value>& maps) {
  std::vector<std::string> names;
  for (const Value& map : maps) names.push_back(map.name);
  return names;
}

TEST(StageMaps, AreTheLastOfEachSizeFromASixteenthOn) {
  const HeadFeatures features = before_head(pyramid(), {.kind = "ssdlite"});
  EXPECT_EQ(names_of_maps(features.maps), (std::vector<std::string>{"middle.act", "wide.act"}));
  EXPECT_EQ(features.input, (SymbolicShape{"batch", 3, 64, 64}));
}

TEST(StageMaps, BeginWithTheFinestThatAKindOfHeadTakes) {
  EXPECT_EQ(names_of_maps(before_head(pyramid(), {.kind = "lraspp"}).maps),
            (std::vector<std::string>{"middle.act", "wide.act"}));
  EXPECT_EQ(names_of_maps(stage_maps(up_to_features(pyramid()), {}, 4)),
            (std::vector<std::string>{"stem.act", "middle.act", "wide.act"}));
}

TEST(StageMaps, AreThoseThatAreAskedForInTheOrderOfTheNetwork) {
  const HeadFeatures features = before_head(pyramid(), {.kind = "ssdlite", .features = {"deep", "stem"}});
  EXPECT_EQ(names_of_maps(features.maps), (std::vector<std::string>{"stem.act", "deep.act"}));
  try {
    (void)before_head(pyramid(), {.kind = "ssdlite", .features = {"depe"}});
    ADD_FAILURE() << "a stage that is not there";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_NE(std::string(error.what()).find("'deep'"), std::string::npos) << error.what();
  }
}

TEST(StageMaps, OfAHeadLeaveTheRestOfTheNetworkOut) {
  const Graph network = pyramid();
  const HeadSpec spec{.kind = "ssdlite", .features = {"middle", "deep"}};
  const Blueprint head = head_network(spec, before_head(network, spec), 2);
  const Graph grown = graft_head(network, head, initial_parameters(head));
  EXPECT_EQ(grown.stages(), (std::vector<std::string>{"stem", "middle", "deep", "head"}));
  EXPECT_FALSE(grown.parameters.contains("wide.conv.weight"));
  const Halves halves = cut_for_phase(grown, "head");
  EXPECT_EQ(names_of_maps(halves.prefix.outputs), (std::vector<std::string>{"middle.act", "deep.act"}));
  EXPECT_EQ(fingerprint(halves.prefix), fingerprint(frozen_part(network, spec)));
  const Halves last = cut_for_phase(grown, "deep");
  EXPECT_EQ(names_of_maps(last.prefix.outputs), std::vector<std::string>{"middle.act"});
}

}  // namespace
}  // namespace enxerto
