#pragma once
#include <filesystem>
#include <string>

#include "enxerto/bundle/bundle.h"
#include "enxerto/engine/executor.h"
#include "enxerto/graph/builder.h"
#include "enxerto/media/image/image_preprocessor.h"
#include "tests/engine/small_networks.h"

namespace enxerto::testing {

inline constexpr int kInputSide = 64;

/// Of pictures of 64 px: stages "stem", "middle" and "last", whose maps are 16, 4 and 2 px wide, and a head.
inline Graph small_body() {
  GraphBuilder net("small");
  std::string x = net.input("input", {"batch", 3, kInputSide, kInputSide});
  const auto halved = [&](const std::string& name, std::int64_t out, std::int64_t stride) {
    x = net.conv(x,
                 {.name = name, .out = out, .kernel = 3, .stride = stride, .padding = Padding::centered, .bias = true});
    x = net.relu(x, name + ".act");
  };
  net.stage("stem");
  halved("stem.conv", 8, 4);
  net.stage("middle");
  halved("middle.conv", 12, 4);
  net.stage("last");
  halved("last.conv", 16, 2);
  net.stage("head");
  net.output(net.add("Softmax", "answer", {net.linear(net.global_average_pool(x, "pool"), "fc", 2)}), "probabilities");
  return filled(std::move(net).finish());
}

inline void write_small_backbone(const std::filesystem::path& path) {
  Bundle bundle{.graph = small_body(),
                .recipe = "[backbone]\nname = \"none\"\n",
                .preprocessor = image_preprocessor({.size = kInputSide}),
                .task = std::string(kFirstTask),
                .labels = {"one", "other"},
                .task_facts = Json::object(),
                .history = Json::object(),
                .precision = {{"prefix", "fp32"}},
                .report_html = "<!doctype html><title>small</title>",
                .readme = "# small\n",
                .golden = {}};
  const Tensor input = tensor_of({1, 3, kInputSide, kInputSide}, 3);
  bundle.golden.set("input/input", input);
  bundle.golden.set("output/probabilities", compile(bundle.graph, {.threads = 1})->run(input));
  write_bundle(bundle, path, false);
}

}  // namespace enxerto::testing
