#pragma once
#include <filesystem>
#include <memory>
#include <string>

#include "enxerto/bundle/bundle.h"
#include "enxerto/engine/executor.h"
#include "enxerto/graph/builder.h"
#include "enxerto/graph/initial_parameters.h"
#include "enxerto/heads/head.h"
#include "enxerto/transfer/graft.h"
#include "tests/engine/small_networks.h"
#include "tests/workflow/numbers_medium.h"

namespace enxerto::testing {

/// Stages "embed" and "block" of 8 channels for each number of the sequence, and a head of two classes.
inline Graph numbers_network() {
  GraphBuilder net("numbers");
  const std::string values = net.input("values", {"batch", "sequence"});
  net.input("attention_mask", {"batch", "sequence"});
  const std::string scale = net.input("scale", {"batch", 1});
  const std::string last = net.constant(Tensor::of<std::int64_t>({1}, {2}));
  net.stage("embed");
  const std::string row = net.add("Unsqueeze", "embed.row", {values, last});
  const std::string wide = net.add("Unsqueeze", "embed.scale", {scale, last});
  std::string x = net.relu(net.dense(net.add("Mul", "embed.scaled", {row, wide}), "embed.dense", 8), "embed.act");
  net.stage("block");
  x = net.relu(net.dense(x, "block.dense", 8), "block.act");
  net.output(x, "features");
  const Graph body = filled(std::move(net).finish());
  const Blueprint head = head_network({}, before_head(body), 2);
  Graph whole = graft_head(body, head, initial_parameters(head));
  std::erase_if(whole.outputs, [](const Value& output) { return output.name != kHeadProbabilities; });
  return whole;
}

/// The network as a saved model: what a run begins with.
inline void write_backbone(const std::filesystem::path& path) {
  Bundle bundle{.graph = numbers_network(),
                .recipe = "[backbone]\nname = \"none\"\n",
                .preprocessor = std::make_shared<NumbersPreprocessor>(24),
                .task = std::string(kFirstTask),
                .labels = {"one", "other"},
                .task_facts = Json::object(),
                .history = Json::object(),
                .precision = {{"prefix", "fp32"}},
                .report_html = "<!doctype html><title>numbers</title>",
                .readme = "# numbers\n",
                .golden = {}};
  TensorMap inputs;
  inputs.set("values", Tensor::of<float>({1, 3}, {0.5F, -0.5F, 1}));
  inputs.set("attention_mask", Tensor::of<float>({1, 3}, {1, 1, 1}));
  inputs.set("scale", Tensor::of<float>({1, 1}, {2}));
  for (const auto& [name, tensor] : inputs) bundle.golden.set("input/" + name, tensor);
  const auto executor = compile(bundle.graph, {.threads = 1});
  for (const auto& [name, tensor] : executor->run(inputs)) bundle.golden.set("output/" + name, tensor);
  write_bundle(bundle, path, false);
}

}  // namespace enxerto::testing
