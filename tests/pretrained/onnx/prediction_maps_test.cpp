#include "enxerto/pretrained/onnx/prediction_maps.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "enxerto/graph/bilinear_resize.h"
#include "enxerto/graph/builder.h"
#include "enxerto/graph/head_stage.h"
#include "enxerto/graph/infer.h"
#include "tests/graph/small_network.h"

namespace enxerto {
namespace {

using MapNames = std::vector<std::string>;

MapNames names_of(const std::vector<Value>& values) {
  MapNames names;
  for (const Value& value : values) names.push_back(value.name);
  return names;
}

Graph finished(GraphBuilder net) {
  const Blueprint blueprint = std::move(net).finish();
  return blueprint.fill(ramp_weights(blueprint));
}

std::string conv(GraphBuilder& net, const std::string& x, const std::string& name, std::int64_t stride = 1,
                 std::int64_t out = 8) {
  return net.relu(net.conv(x, {.name = name, .out = out, .kernel = 3, .stride = stride, .padding = Padding::centered}),
                  name + ".relu");
}

std::string enlarged(GraphBuilder& net, const std::string& x, const std::string& name, std::int64_t size) {
  return net.add("Resize", name, {x, "", "", net.integers({size, size})}, bilinear_resize());
}

/// Two layers and the values of all places, (batch, 6, places).
void predict(GraphBuilder& net, const std::string& map, const std::string& name) {
  const std::string hidden = conv(net, map, name + ".hidden");
  const std::string made = net.conv(hidden, {.name = name + ".out", .out = 6});
  net.output(net.add("Reshape", name + ".rows", {made, net.integers({0, 6, -1})}), name);
}

/// Maps at 1/4 and 1/8, the finer one with what the coarser one says.
Graph two_sizes() {
  GraphBuilder net("two");
  const std::string x = net.input("input", {"batch", 3, 32, 32});
  const std::string fine = conv(net, conv(net, x, "a", 2), "b", 2), coarse = conv(net, fine, "c", 2);
  const std::string joined = net.add("Add", "fine", {fine, enlarged(net, coarse, "up", 8)});
  const std::string deep = net.add("Add", "deep", {coarse, conv(net, joined, "down", 2)});
  predict(net, joined, "at8");
  predict(net, deep, "at4");
  return finished(std::move(net));
}

TEST(PredictionMaps, AreWhatTheHeadsOfAllSizesHaveBeforeThem) {
  EXPECT_EQ(names_of(prediction_maps(two_sizes())), (MapNames{"fine", "deep"}));
}

TEST(PredictionMaps, OfOneSizeAreTheMapBeforeItsBranchesAndThoseItWasEnlargedFrom) {
  GraphBuilder net("one");
  const std::string x = net.input("input", {"batch", 3, 32, 32});
  const std::string fine = conv(net, x, "a", 2), coarse = conv(net, fine, "b", 2);
  const std::string map = conv(net, net.add("Add", "joined", {fine, enlarged(net, coarse, "up", 16)}), "neck");
  predict(net, map, "boxes");
  predict(net, map, "scores");
  EXPECT_EQ(names_of(prediction_maps(finished(std::move(net)))), (MapNames{"neck.relu", "b.relu"}));
}

TEST(PredictionMaps, AreNoneOfAClassifier) {
  GraphBuilder net("classifier");
  const std::string map = conv(net, net.input("input", {"batch", 3, 32, 32}), "a", 2);
  net.output(net.linear(net.global_average_pool(map, "pool"), "fc", 5), "scores");
  EXPECT_TRUE(prediction_maps(finished(std::move(net))).empty());
}

TEST(PredictionMaps, MakeStagesAndOneRowOfAllChannels) {
  const Graph whole = two_sizes();
  const std::vector<Value> maps = prediction_maps(whole);
  const Graph graph = with_map_stages(whole, maps);
  check(graph);
  EXPECT_EQ(graph.stages(), (MapNames{"stage0", "stage1", "stage2", "neck", "head"}));
  EXPECT_EQ(to_string(infer_shapes(graph).at(graph.outputs[0].name).shape), "(batch, 16)");
  EXPECT_FALSE(graph.parameters.contains("at8.out.weight"));
  EXPECT_EQ(note_of_maps(whole, maps),
            "the file's own head (2 outputs) is left out; what a new head learns from are the maps before it: "
            "8 x 8 of 8 channels, 4 x 4 of 8 channels");
}

}  // namespace
}  // namespace enxerto
