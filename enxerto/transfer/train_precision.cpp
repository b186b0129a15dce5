#include "enxerto/transfer/train_precision.h"

#include <algorithm>
#include <cstdint>

#include "enxerto/graph/attributes.h"
#include "enxerto/graph/cost.h"
#include "enxerto/graph/head_stage.h"

namespace enxerto {
namespace {

/// Below this, what autocast spends on conversions is more than what it gains; so it is in heads of convolutions, which
/// are depthwise (SSDlite's on EfficientNet-Lite0's maps: 29 s an epoch in bf16 where fp32 takes 7 s).
constexpr std::uint64_t kFlopsWorthBf16 = 20'000'000;

/// LSTM layers of so many numbers a state: the products of their steps are narrow, what is between them is not.
constexpr std::int64_t kStateWorthBf16 = 128;

bool has_convolutions_in_head(const Graph& graph) {
  return std::ranges::any_of(graph.nodes,
                             [](const Node& node) { return node.op == "Conv" && node.stage == kHeadStage; });
}

std::int64_t widest_state(const Graph& graph) {
  std::int64_t widest = 0;
  for (const Node& node : graph.nodes)
    if (node.op == "LSTM") widest = std::max(widest, attribute<std::int64_t>(node, "hidden_size", 0));
  return widest;
}

}  // namespace

Precision usual_train_precision(const Graph& suffix, std::uint64_t places) {
  const bool dense = total(cost(suffix)).flops * places > kFlopsWorthBf16 && !has_convolutions_in_head(suffix);
  return has_bf16() && (dense || widest_state(suffix) >= kStateWorthBf16) ? Precision::bf16 : Precision::fp32;
}

}  // namespace enxerto
