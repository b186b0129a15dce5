#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "enxerto/graph/blueprint.h"
#include "enxerto/graph/head_stage.h"

namespace enxerto {

/// The outputs of a head.
inline constexpr std::string_view kHeadLogits = "head.logits";
inline constexpr std::string_view kHeadProbabilities = "probabilities";

/// A head as people describe it: pooling, dense layers, output.
struct HeadSpec {
  std::string pool = "avg";  ///< avg | max | flatten | concat (avg and max side by side); of tokens also first | last
                             ///< | last_avg_max; with "_unit" behind them scaled to length 1; none: of each its own
  std::vector<std::int64_t> hidden = {};  ///< widths of the dense layers before the last one
  std::string activation = "relu";        ///< after each hidden layer: relu | gelu | tanh | sigmoid | silu | elu | none
  bool batch_norm = false;                ///< after each hidden layer, before its activation
  double dropout = 0;                     ///< share that is dropped before the last layer and between hidden layers
  std::string kind = "pooled";            ///< a row of `head_kinds()` (heads/head_kind.h)
  std::vector<std::string> features = {};  ///< of a kind that takes maps: the stages whose they are; empty: of the last
                                           ///< of each size from a part of the input on (`HeadKind::finest`)
  /// softmax | sigmoid (one unit, two classes) | multi_label | linear (regression) | span (begin and end among the
  /// tokens) | unit (a vector of length 1) | ctc (a label of each token, or none: the first unit)
  std::string output = "softmax";
  std::int64_t centres = 0;  ///< of the output `unit`: the logits are the cosines with so many vectors that are learned
                             ///< beside it, the centres of identities (0: the vector before it is scaled)
  bool operator==(const HeadSpec&) const = default;
};

/// Minus the logit of padding where one of all tokens is chosen: its probability is 0 in any precision.
inline constexpr float kFarBelow = 1e4F;

/// The graph input that says which tokens of an example count: 1, and 0 for padding.
inline constexpr std::string_view kAttentionMask = "attention_mask";

/// What enters a head.
struct HeadFeatures {
  HeadFeatures(Value features, std::optional<Value> its_mask = {})  // NOLINT(google-explicit-constructor)
      : value(std::move(features)), mask(std::move(its_mask)) {}

  Value value;  ///< (batch, channels), (batch, channels, height, width), (batch, tokens, channels) ..
  std::vector<Value> maps =
      {};                    ///< (batch, channels, height, width) each, the largest first, for a kind that takes maps
  SymbolicShape input = {};  ///< of the network's first input
  std::shared_ptr<const Graph> former = {};  ///< the network, where its own head is of the kind that is made
  std::optional<Value> mask;  ///< (batch, tokens) with the symbol of the value's tokens; poolings leave the rest out
};

/// Which dimension of features holds the channels: the only fixed one where the others vary, (batch, "frames", 80) or
/// (batch, 80, "frames"); else the last of three, and the second of two and four.
std::size_t channel_dimension(const SymbolicShape& features);

/// The head as a graph of the single stage "head" without its weights: inputs the `features` by their names; pooled
/// over all but batch and channels; outputs "head.logits" and "probabilities", each (batch, classes) but for the logits
/// of `sigmoid`, (batch, 1), whose probabilities are (1 - p, p). Dense layers are "head.hidden0", "head.hidden1" .. and
/// the last "head" (parameters "head.weight", "head.bias"), norms "head.norm0" ... With `linear` the "probabilities"
/// are the values, with `span` the logits, whose units are (begin, end), (batch, tokens, 2) with the pooling "none".
/// Throws Error{usage} for a field out of range, and for `sigmoid` with other than two classes.
Blueprint head_network(const HeadSpec& spec, const HeadFeatures& features, std::int64_t classes);

/// "avg, 256 relu, dropout 0.5, softmax".
std::string summary(const HeadSpec& spec);

/// The same without nodes that only matter in training (Dropout): what is saved and exported.
Graph without_training_nodes(const Graph& graph);

}  // namespace enxerto
