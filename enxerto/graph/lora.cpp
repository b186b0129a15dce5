#include "enxerto/graph/lora.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"
#include "enxerto/base/rng.h"
#include "enxerto/base/to_size.h"
#include "enxerto/graph/head_stage.h"
#include "enxerto/graph/words_stage.h"

namespace enxerto {
namespace {

using Ints = std::vector<std::int64_t>;

constexpr std::string_view kWeight = ".weight", kA = ".lora_a", kB = ".lora_b";

/// "blocks.0.attn.q" of its weight.
std::string layer_of(std::string_view weight) {
  return std::string(weight.ends_with(kWeight) ? weight.substr(0, weight.size() - kWeight.size()) : weight);
}

bool has_part(const std::string& layer, const std::string& part) {
  return ("." + layer + ".").find("." + part + ".") != std::string::npos;
}

/// The matrix product by which a node's turned weight is used; none where it is used otherwise.
struct Dense {
  std::string weight;
  std::size_t product = 0;
};

std::vector<Dense> dense_layers(const Graph& graph) {
  std::unordered_map<std::string, std::string> turned;
  std::vector<Dense> found;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    if (node.stage == kHeadStage || node.stage == kWordsStage) continue;
    const Tensor* const weight = node.op == "Transpose" ? graph.parameters.find(node.inputs[0]) : nullptr;
    if (weight != nullptr && weight->shape().size() == 2) turned[node.outputs[0]] = node.inputs[0];
    if (node.op != "MatMul") continue;
    if (const auto of = turned.find(node.inputs[1]); of != turned.end())
      found.push_back({.weight = of->second, .product = i});
  }
  return found;
}

bool is_target(const std::string& weight, const LoraOptions& options) {
  const std::string layer = layer_of(weight);
  return options.targets.empty() ||
         std::ranges::any_of(options.targets, [&](const std::string& part) { return has_part(layer, part); });
}

void require_parts(const std::vector<Dense>& layers, const LoraOptions& options) {
  std::set<std::string> kinds;
  for (const Dense& layer : layers) {
    const std::string name = layer_of(layer.weight);
    const std::size_t number = name.find_first_of("0123456789");
    const std::size_t point = number == std::string::npos ? std::string::npos : name.find('.', number);
    kinds.insert(point == std::string::npos ? name : name.substr(point + 1));
  }
  for (const std::string& part : options.targets)
    if (std::ranges::none_of(layers, [&](const Dense& layer) { return has_part(layer_of(layer.weight), part); }))
      throw usage_error("lora_targets", fmt::format("'{}' is in the name of no dense layer that is trained", part),
                        fmt::format("parts of {}", fmt::join(kinds, ", ")));
  if (layers.empty())
    throw usage_error("lora_rank", "no dense layer is trained", "an earlier train_from", "\"all\", or a block's name");
}

Tensor uniform(const std::string& name, std::int64_t rows, std::int64_t columns, std::uint64_t seed) {
  Rng random({.seed = seed, .purpose = name});
  const double bound = 1 / std::sqrt(static_cast<double>(columns));
  TensorBuffer buffer(DType::f32, {rows, columns});
  for (float& value : buffer.as<float>()) value = static_cast<float>((2 * random.uniform() - 1) * bound);
  return std::move(buffer).freeze();
}

Tensor zeros(std::int64_t rows, std::int64_t columns) {
  return Tensor::of<float>({rows, columns}, std::vector<float>(to_size(rows * columns), 0.0F));
}

/// The nodes of one adapter behind `product`, whose output becomes the sum.
std::vector<Node> adapter_nodes(Node& product, const std::string& weight, double scale) {
  const std::string layer = layer_of(weight), answer = product.outputs[0], plain = layer + ".lora.plain";
  product.outputs[0] = plain;
  const auto node = [&](const char* name, const char* op, std::vector<std::string> inputs, Attributes attributes = {}) {
    const std::string full = layer + ".lora." + name;
    return Node{.name = full,
                .op = op,
                .stage = product.stage,
                .inputs = std::move(inputs),
                .outputs = {full},
                .attributes = std::move(attributes)};
  };
  const auto at = [&](const char* name) { return layer + ".lora." + name; };
  const Attributes turned{{"perm", Ints{1, 0}}};
  std::vector<Node> nodes{node("a_turned", "Transpose", {lora_a(weight)}, turned),
                          node("down", "MatMul", {product.inputs[0], at("a_turned")}),
                          node("b_turned", "Transpose", {lora_b(weight)}, turned),
                          node("up", "MatMul", {at("down"), at("b_turned")}),
                          node("scale", "Constant", {}, {{"value", Tensor::scalar(static_cast<float>(scale))}}),
                          node("scaled", "Mul", {at("up"), at("scale")}),
                          node("sum", "Add", {plain, at("scaled")})};
  nodes.back().outputs = {answer};
  return nodes;
}

/// w + scale b a.
Tensor with_product(const Tensor& w, const Tensor& a, const Tensor& b, double scale) {
  const auto rows = to_size(w.shape()[0]), columns = to_size(w.shape()[1]), rank = to_size(a.shape()[0]);
  TensorBuffer sum(DType::f32, w.shape());
  std::ranges::copy(w.as<float>(), sum.as<float>().begin());
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t k = 0; k < rank; ++k) {
      const auto factor = static_cast<float>(scale * static_cast<double>(b.as<float>()[row * rank + k]));
      const auto from = a.as<float>().subspan(k * columns, columns);
      const auto to = sum.as<float>().subspan(row * columns, columns);
      for (std::size_t i = 0; i < columns; ++i) to[i] += factor * from[i];
    }
  return std::move(sum).freeze();
}

}  // namespace

std::string lora_a(std::string_view weight) { return layer_of(weight) + std::string(kA); }

std::string lora_b(std::string_view weight) { return layer_of(weight) + std::string(kB); }

bool is_lora(std::string_view parameter) { return parameter.ends_with(kA) || parameter.ends_with(kB); }

std::vector<std::string> lora_weights(const Graph& graph, const LoraOptions& options) {
  const std::vector<Dense> layers = dense_layers(graph);
  require_parts(layers, options);
  std::vector<std::string> weights;
  for (const Dense& layer : layers)
    if (is_target(layer.weight, options)) weights.push_back(layer.weight);
  return weights;
}

Graph with_lora(const Graph& graph, const LoraOptions& options) {
  const std::vector<Dense> layers = dense_layers(graph);
  require_parts(layers, options);
  Graph adapted = graph;
  adapted.nodes.clear();
  std::size_t next = 0;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    Node node = graph.nodes[i];
    const Dense* const layer = next < layers.size() && layers[next].product == i ? &layers[next++] : nullptr;
    if (layer == nullptr || !is_target(layer->weight, options)) {
      adapted.nodes.push_back(std::move(node));
      continue;
    }
    const Shape& shape = graph.parameters.at(layer->weight).shape();
    const std::string a = lora_a(layer->weight);
    adapted.parameters.set(a, uniform(a, options.rank, shape[1], options.seed));
    adapted.parameters.set(lora_b(layer->weight), zeros(shape[0], options.rank));
    std::vector<Node> more = adapter_nodes(node, layer->weight, options.alpha / static_cast<double>(options.rank));
    adapted.nodes.push_back(std::move(node));
    std::ranges::move(more, std::back_inserter(adapted.nodes));
  }
  check(adapted);
  return adapted;
}

StateDict merged_lora(const Graph& network, const StateDict& adapters, double scale) {
  StateDict merged;
  for (const auto& [name, tensor] : adapters) {
    if (!is_lora(name)) merged.set(name, tensor);
    if (!name.ends_with(kA)) continue;
    const std::string weight = name.substr(0, name.size() - kA.size()) + std::string(kWeight);
    merged.set(weight, with_product(network.parameters.at(weight), tensor, adapters.at(lora_b(weight)), scale));
  }
  return merged;
}

}  // namespace enxerto
