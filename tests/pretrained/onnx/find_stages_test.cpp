#include "enxerto/pretrained/onnx/find_stages.h"

#include <gtest/gtest.h>

#include <string>
#include <unordered_map>
#include <vector>

#include "enxerto/graph/builder.h"
#include "enxerto/graph/head_stage.h"
#include "tests/graph/small_network.h"

namespace enxerto {
namespace {

TEST(FindStages, GivesNoModuleANameThatMeansSomethingElse) {
  GraphBuilder net("net");
  std::string x = net.input("input", {"batch", 3, 32, 32});
  std::unordered_map<std::string, std::string> scopes;
  for (const char* module : {"stem", "head", "all", "loss", "logits"}) {
    x = net.conv(x, {.name = std::string(module) + ".conv", .out = 4, .kernel = 3, .padding = Padding::centered});
    scopes[x] = module;
  }
  net.output(net.linear(net.global_average_pool(x, "pool"), "fc", 5), "scores");
  const Blueprint blueprint = std::move(net).finish();
  const Graph graph = with_found_stages(blueprint.fill(ramp_weights(blueprint)), 5, scopes);
  EXPECT_EQ(graph.stages(), (std::vector<std::string>{"stem", "head_2", "all_2", "loss_2", "logits_2", "head"}));
  EXPECT_TRUE(has_head(graph));
}

}  // namespace
}  // namespace enxerto
