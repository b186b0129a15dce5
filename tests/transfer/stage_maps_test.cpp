#include "enxerto/transfer/stage_maps.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/graph/builder.h"
#include "enxerto/graph/fingerprint.h"
#include "enxerto/graph/initial_parameters.h"
#include "enxerto/heads/head_kind.h"
#include "enxerto/tasks/task.h"
#include "enxerto/transfer/graft.h"
#include "enxerto/transfer/phase_cut.h"
#include "tests/data/boxed.h"
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

/// A network whose own head, of no kind that is known, takes its maps of 16 px and of 2 px.
Graph with_head_of_maps() {
  GraphBuilder net("maps");
  std::string x = net.input("input", {"batch", 3, 64, 64});
  net.stage("stem");
  const std::string fine =
      net.conv(x, {.name = "fine", .out = 4, .kernel = 3, .stride = 4, .padding = Padding::centered});
  net.stage("deep");
  const std::string middle =
      net.conv(fine, {.name = "middle", .out = 6, .kernel = 3, .stride = 4, .padding = Padding::centered});
  const std::string coarse =
      net.conv(middle, {.name = "coarse", .out = 8, .kernel = 3, .stride = 2, .padding = Padding::centered});
  net.stage("head");
  const std::string a = net.global_average_pool(fine, "pool.fine"), b = net.global_average_pool(coarse, "pool.coarse");
  net.output(net.add("Concat", "rows", {a, b}, {{"axis", std::int64_t{1}}}), "features");
  return testing::filled(std::move(net).finish());
}

TEST(StageMaps, AreThoseOfTheNetworksOwnHeadWhereThatTakesSeveral) {
  using Names = std::vector<std::string>;
  EXPECT_EQ(names_of_maps(before_head(with_head_of_maps(), {.kind = "ssdlite"}).maps), (Names{"fine", "coarse"}));
  EXPECT_EQ(names_of_maps(before_head(with_head_of_maps(), {.kind = "fcn"}).maps), (Names{"coarse"}));
  EXPECT_EQ(before_head(with_head_of_maps()).value.name, "coarse");
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

/// What a network that ends in a head on several maps is cut to: another head takes its maps, or the last of them.
TEST(StageMaps, AreThoseOfANetworkThatEndsInADetectorsHeadToo) {
  const Graph network = pyramid();
  const HeadSpec spec{.kind = "ssdlite"};
  const Blueprint head = head_network(spec, before_head(network, spec), 2);
  const Graph detector = graft_head(network, head, initial_parameters(head));
  EXPECT_EQ(names_of_maps(before_head(detector, spec).maps), (std::vector<std::string>{"middle.act", "wide.act"}));
  EXPECT_EQ(before_head(detector).value.name, "wide.act");
  EXPECT_EQ(names_of_maps(before_head(detector, {.kind = "retina"}).maps),
            (std::vector<std::string>{"middle.act", "wide.act"}));
}

TEST(HeadParameters, AreKeptWhereTheNetworkHasThemOfTheSameShape) {
  const testing::MadeBoxes three({"a", "b", "c"}, {{}, {}}), two({"a", "b"}, {{}, {}});
  const std::vector<std::size_t> all{0, 1};
  const HeadSpec spec{.kind = "ssdlite", .output = "auto"};
  const HeadFeatures features = before_head(pyramid(), spec);
  const auto task_of = [&](const Dataset& data) {
    return make_task("auto", {.dataset = data, .training = all, .features = &features},
                     {.head = spec, .loss = {.kind = "auto"}});
  };
  const TaskPtr first = task_of(three), second = task_of(two);
  const Blueprint head = head_of(*first, pyramid());
  const Graph detector = graft_head(pyramid(), head, initial_parameters(head, {.seed = 1}));
  const StateDict kept = head_parameters(*second, head_of(*second, detector), detector, {.seed = 2});
  const auto same = [&](const char* name) { return identical(kept.at(name), detector.parameters.at(name)); };
  EXPECT_TRUE(same("head.extra0.reduce.weight"));
  EXPECT_TRUE(same("head.map0.box.weight"));
  EXPECT_TRUE(same("head.map0.class.depthwise.weight"));
  EXPECT_EQ(kept.at("head.map0.class.weight").shape()[0], 6 * 3);
  const StateDict fresh = head_parameters(*second, head_of(*second, pyramid()), pyramid(), {.seed = 2});
  EXPECT_FALSE(identical(fresh.at("head.map0.box.weight"), detector.parameters.at("head.map0.box.weight")));
}

}  // namespace
}  // namespace enxerto
