#include "enxerto/heads/linear_head.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

constexpr std::string_view kStage = "head";

void check_classifier(std::size_t features, const LinearClassifier& classifier) {
  const Shape& shape = classifier.weight.shape();
  const bool right = shape.size() == 2 && static_cast<std::size_t>(shape[1]) == features && shape[0] > 0 &&
                     classifier.bias.shape() == Shape{shape[0]} && classifier.weight.dtype() == DType::f32 &&
                     classifier.bias.dtype() == DType::f32;
  if (!right)
    throw Error(ErrorKind::data,
                {.where = "head",
                 .found = fmt::format("weight {}, bias {}", to_string(shape), to_string(classifier.bias.shape())),
                 .expected = fmt::format("float32 (classes, {}) and (classes)", features),
                 .tip = ""});
}

Node node_of(std::string_view name, std::string_view op, std::vector<std::string> inputs, std::string_view output,
             Attributes attributes = {}) {
  return {std::string(name), std::string(op),       std::string(kStage),
          std::move(inputs), {std::string(output)}, std::move(attributes)};
}

}  // namespace

Graph linear_head(std::size_t features, const LinearClassifier& classifier, const LinearHeadOptions& options) {
  check_classifier(features, classifier);
  const auto width = static_cast<std::int64_t>(features), classes = classifier.weight.shape()[0];
  Graph graph;
  graph.name = "linear_head";
  std::string flat = options.input;
  if (options.kind == HeadInput::map) {
    graph.inputs = {{options.input, DType::f32, {"batch", width, "height", "width"}}};
    graph.nodes.push_back(node_of("head.pool", "GlobalAveragePool", {options.input}, "head.pooled"));
    graph.nodes.push_back(
        node_of("head.flatten", "Flatten", {"head.pooled"}, "head.flat", {{"axis", std::int64_t{1}}}));
    flat = "head.flat";
  } else {
    graph.inputs = {{options.input, DType::f32, {"batch", width}}};
  }
  graph.nodes.push_back(
      node_of("head.gemm", "Gemm", {flat, "head.weight", "head.bias"}, kHeadLogits, {{"transB", std::int64_t{1}}}));
  graph.nodes.push_back(
      node_of("head.softmax", "Softmax", {std::string(kHeadLogits)}, kHeadProbabilities, {{"axis", std::int64_t{1}}}));
  graph.outputs = {{std::string(kHeadLogits), DType::f32, {"batch", classes}},
                   {std::string(kHeadProbabilities), DType::f32, {"batch", classes}}};
  graph.parameters.set("head.weight", classifier.weight);
  graph.parameters.set("head.bias", classifier.bias);
  return graph;
}

}  // namespace enxerto
