#include "enxerto/transfer/graft.h"

#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/graph/cut.h"
#include "enxerto/heads/linear_head.h"

namespace enxerto {
namespace {

/// The value that enters the head.
Value before_head(const Graph& network) {
  const Graph prefix = cut(network, "head").prefix;
  if (prefix.outputs.size() == 1 && prefix.outputs.front().shape.size() >= 2) return prefix.outputs.front();
  throw Error(ErrorKind::weights, {.where = network.name,
                                   .found = "no single value of features enters its head",
                                   .expected = "(batch, features) or (batch, features, height, width)",
                                   .tip = ""});
}

}  // namespace

std::size_t features_before_head(const Graph& network) {
  return static_cast<std::size_t>(before_head(network).shape[1].size);
}

Graph graft_linear_head(const Graph& network, const LinearClassifier& classifier) {
  const HeadInput kind = before_head(network).shape.size() > 2 ? HeadInput::map : HeadInput::pooled;
  Graph head = linear_head(features_before_head(network), classifier, {.input = "features_map", .kind = kind});
  // A saved model answers with probabilities alone; its logits are their logarithm up to a constant.
  std::erase_if(head.outputs, [](const Value& value) { return value.name != kHeadProbabilities; });
  return with_head(network, "head", head);
}

Graph frozen_part(const Graph& network) {
  const std::size_t features = features_before_head(network);
  const std::vector<float> zeros(features);
  const LinearClassifier placeholder{
      .weight = Tensor::of<float>({1, static_cast<std::int64_t>(features)}, std::span<const float>(zeros)),
      .bias = Tensor::of<float>({1}, {0.0F})};
  return cut_at_frontier(graft_linear_head(network, placeholder), "head").prefix;
}

}  // namespace enxerto
