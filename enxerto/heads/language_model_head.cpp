#include "enxerto/heads/language_model_head.h"

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/graph/builder.h"

namespace enxerto {
namespace {

using Ints = std::vector<std::int64_t>;

constexpr std::int64_t kFloat = 1, kDouble = 11;  // of ONNX's Cast

/// A table of word vectors.
struct WordTable {
  std::string name;
  std::int64_t words = 0, width = 0;
};

WordTable table_of(const Graph& network) {
  for (const Node& node : network.nodes) {
    if (node.op != "Gather" || node.inputs.size() < 2 || node.inputs[1] != kTokenIds) continue;
    const Tensor* const table = network.parameters.find(node.inputs[0]);
    if (table != nullptr && table->shape().size() == 2)
      return {.name = node.inputs[0], .words = table->shape()[0], .width = table->shape()[1]};
  }
  throw usage_error(network.name, "no table of word vectors in which its tokens are looked up",
                    "a language model, which has one");
}

/// (batch, tokens): of each token what `x` has of the next one; 0 at the end.
std::string of_next(GraphBuilder& net, const std::string& x, const std::string& name) {
  const std::string axis = net.integers({1});
  const std::string first = net.add("Slice", name + ".first", {x, net.integers({0}), net.integers({1}), axis});
  const std::string nothing = net.add("Mul", name + ".nothing", {first, net.constant(Tensor::scalar<std::int64_t>(0))});
  const std::string longer = net.add("Concat", name + ".longer", {x, nothing}, {{"axis", std::int64_t{1}}});
  const std::string end = net.integers({std::numeric_limits<std::int64_t>::max()});
  return net.add("Slice", name, {longer, net.integers({1}), end, axis});
}

std::string sum_of_each(GraphBuilder& net, const std::string& x, const std::string& name) {
  return net.add("ReduceSum", name, {x, net.integers({1})}, {{"keepdims", std::int64_t{1}}});
}

std::string scores(GraphBuilder& net, const std::string& states, const WordTable& table, std::int64_t width) {
  const bool tied = table.width == width;
  const DType dtype = net.dtype_of(states);
  const std::string weight = net.parameter(tied ? table.name : "head.weight", {table.words, width}, dtype);
  const std::string turned = net.add("Transpose", "head.transposed", {weight}, {{"perm", Ints{1, 0}}});
  const std::string product = net.add("MatMul", "head.product", {states, turned});
  return net.add("Add", std::string(kNextWords), {product, net.parameter("head.bias", {table.words}, dtype)});
}

}  // namespace

Blueprint language_model_head(const Graph& network, const HeadFeatures& features) {
  const Value& value = features.value;
  if (!features.mask || value.shape.size() != 3 || value.shape[2].is_symbolic())
    throw usage_error(network.name, fmt::format("'{}': {}", value.name, to_string(value.shape)),
                      "a language model: hidden states (batch, tokens, width) and an attention_mask");
  const WordTable table = table_of(network);
  GraphBuilder net("head");
  const std::string states = net.input(value.name, value.shape, value.dtype);
  const std::string ids = net.input(std::string(kTokenIds), features.mask->shape, DType::i64);
  const std::string mask = net.input(features.mask->name, features.mask->shape, features.mask->dtype);
  net.stage(std::string(kHeadStage));
  const std::string words = scores(net, states, table, value.shape[2].size);
  const std::string logarithms = net.add("LogSoftmax", "head.log_softmax", {words}, {{"axis", std::int64_t{-1}}});
  const std::string next =
      net.add("Unsqueeze", "head.next.column", {of_next(net, ids, "head.next"), net.integers({2})});
  const std::string of_word =
      net.add("GatherElements", "head.of_next", {logarithms, next}, {{"axis", std::int64_t{2}}});
  const std::string row = net.add("Squeeze", "head.of_next.row", {of_word, net.integers({2})});
  const std::string counted = net.add("Cast", "head.counted", {of_next(net, mask, "head.has_next")},
                                      {{"to", value.dtype == DType::f64 ? kDouble : kFloat}});
  const std::string sum = sum_of_each(net, net.add("Mul", "head.kept", {row, counted}), "head.sum");
  const std::string surprise = net.add("Neg", "head.surprise", {sum});
  const std::string count = sum_of_each(net, counted, "head.count");
  const std::string answer =
      net.add("Concat", std::string(kHeadLogits), {surprise, count}, {{"axis", std::int64_t{1}}});
  const std::string again = net.add("Identity", std::string(kHeadProbabilities), {answer});
  net.output(answer, std::string(kHeadLogits)).output(again, std::string(kHeadProbabilities));
  return std::move(net).finish();
}

}  // namespace enxerto
