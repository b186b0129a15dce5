#pragma once
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "enxerto/bundle/bundle.h"
#include "enxerto/media/image/image_preprocessor.h"
#include "tests/pretrained/temporary_directory.h"

namespace enxerto::testing {

inline std::string slurp(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline void spill(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

/// GlobalAveragePool, Flatten, Gemm, Softmax: says whether a picture is red, green or blue.
inline Graph color_graph() {
  Graph graph;
  graph.name = "colors";
  graph.inputs = {{"input", DType::f32, {"batch", 3, 8, 8}}};
  graph.outputs = {{"probabilities", DType::f32, {"batch", 3}}};
  graph.nodes = {
      {"pool", "GlobalAveragePool", "head", {"input"}, {"pooled"}, {}},
      {"flatten", "Flatten", "head", {"pooled"}, {"features"}, {{"axis", std::int64_t{1}}}},
      {"gemm", "Gemm", "head", {"features", "head.weight", "head.bias"}, {"logits"}, {{"transB", std::int64_t{1}}}},
      {"softmax", "Softmax", "head", {"logits"}, {"probabilities"}, {{"axis", std::int64_t{-1}}}}};
  graph.parameters.set("head.weight", Tensor::of<float>({3, 3}, {4, 0, 0, 0, 4, 0, 0, 0, 4}));
  graph.parameters.set("head.bias", Tensor::of<float>({3}, {0, 0, 0}));
  return graph;
}

/// A whole model of it. The golden output is what the graph gives for an input of zeros.
inline Bundle color_bundle() {
  Bundle bundle;
  bundle.graph = color_graph();
  bundle.recipe = "[backbone]\nname = \"none\"\n";
  bundle.preprocessor = image_preprocessor({.size = 8, .fit = ImagePreprocess::Fit::squash});
  bundle.labels = {"red", "green", "blue"};
  bundle.history = {{"pictures", 12}};
  bundle.precision = {{"prefix", "fp32"}};
  bundle.report_html = "<!doctype html><title>colors</title>";
  bundle.readme = "# colors\n";
  bundle.golden.set("input/input", Tensor::copied(DType::f32, {2, 3, 8, 8}, std::vector<std::byte>(2 * 3 * 64 * 4)));
  const float third = 1.0F / 3;
  bundle.golden.set("output/probabilities", Tensor::of<float>({2, 3}, {third, third, third, third, third, third}));
  return bundle;
}

/// Says which of red, green and blue are strong in a picture; each stands for itself.
inline Bundle label_bundle() {
  Bundle bundle = color_bundle();
  bundle.task = "image_multi_label";
  bundle.preprocessor = patched(*bundle.preprocessor, {{"mean", {0, 0, 0}}, {"deviation", {1, 1, 1}}}, "labels");
  bundle.graph.nodes[3] = {"sigmoid", "Sigmoid", "head", {"logits"}, {"probabilities"}, {}};
  bundle.graph.parameters.set("head.weight", Tensor::of<float>({3, 3}, {20, 0, 0, 0, 20, 0, 0, 0, 20}));
  bundle.graph.parameters.set("head.bias", Tensor::of<float>({3}, {-10, -10, -10}));
  const float none = 4.539787e-5F;  // sigmoid(-10)
  bundle.golden.set("output/probabilities", Tensor::of<float>({2, 3}, {none, none, none, none, none, none}));
  return bundle;
}

/// Says how strong red and blue are, from 100 for none to 1,100.
inline Bundle value_bundle() {
  Bundle bundle = label_bundle();
  bundle.task = "image_regression";
  bundle.labels = {"redness", "blueness"};
  bundle.graph.nodes.pop_back();
  bundle.graph.nodes[2].outputs = {"probabilities"};
  bundle.graph.outputs[0].shape[1] = 2;
  bundle.graph.parameters.set("head.weight", Tensor::of<float>({2, 3}, {1000, 0, 0, 0, 0, 1000}));
  bundle.graph.parameters.set("head.bias", Tensor::of<float>({2}, {100, 100}));
  bundle.golden.set("output/probabilities", Tensor::of<float>({2, 2}, {100, 100, 100, 100}));
  return bundle;
}

}  // namespace enxerto::testing
