#include "enxerto/transfer/train_precision.h"

#include <algorithm>
#include <cstdint>

#include "enxerto/engine/executor.h"
#include "enxerto/graph/cost.h"
#include "enxerto/graph/head_stage.h"

namespace enxerto {
namespace {

/// Below this, what autocast spends on conversions is more than what it gains; so it is in heads of convolutions, which
/// are depthwise (SSDlite's on EfficientNet-Lite0's maps: 29 s an epoch in bf16 where fp32 takes 7 s).
constexpr std::uint64_t kFlopsWorthBf16 = 20'000'000;

/// What a network that writes makes of an example counts once for each word: one of 128 units took 54 s of a processor
/// in fp32 for what took 36 s in bf16.
constexpr std::uint64_t kWordsOfText = 16;

bool has_convolution(const Graph& suffix) {
  return std::ranges::any_of(suffix.nodes,
                             [](const Node& node) { return node.op == "Conv" && node.stage == kHeadStage; });
}

}  // namespace

Precision train_precision(const Graph& suffix, const PhaseContext& context) {
  const AskedPrecision asked = context.settings.training_precision;
  if (asked != AskedPrecision::automatic) return asked == AskedPrecision::bf16 ? Precision::bf16 : Precision::fp32;
  const std::uint64_t times = context.task->kind().writes ? kWordsOfText : 1;
  const bool pays = total(cost(suffix)).flops * times > kFlopsWorthBf16 && !has_convolution(suffix);
  return has_bf16() && pays ? Precision::bf16 : Precision::fp32;
}

}  // namespace enxerto
