#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/graph/graph.h"

namespace enxerto {

/// What training makes small.
struct LossSpec {
  /// categorical_cross_entropy (targets: a distribution over the classes) | sparse_categorical_cross_entropy (targets:
  /// class numbers) | binary_cross_entropy (one sigmoid unit or several: multi-label) | focal (Lin et al. 2017; on
  /// softmax where there are several classes in one distribution: `focal`, on sigmoids: `binary_focal`) | binary_focal
  /// | mean_squared_error | huber | ssd (boxes: Liu et al. 2016; targets as `box_targets` makes them)
  /// | triplet (vectors, of length 1 in the end; targets: identities) | arcface, cosface (cosines with the centres of
  /// identities, `HeadSpec::centres`; targets: their numbers)
  /// | span_cross_entropy (targets: a token for each unit)
  /// | next_token (of `language_model_head`: the mean over all tokens of the batch)
  /// | written_words (of `written_words_head`: the mean over all words of the batch)
  /// | ctc (targets: labels in their order, without their places; PyTorch's mean: of the losses over their labels'
  /// numbers; labels that need more frames than there are teach nothing)
  /// | pixel_cross_entropy, pixel_focal, pixel_dice (of the whole batch), pixel_cross_entropy_and_dice, their sum
  /// (targets: a class for each pixel, or none)
  std::string kind = "categorical_cross_entropy";
  double label_smoothing = 0;              ///< share of the target spread over all classes, 0 to below 1
  std::vector<double> class_weights = {};  ///< one a class, multiplies the loss of its examples; empty: all 1
  double focal_gamma = 2;
  double focal_alpha = 0.25;  ///< of binary_focal: weight of positives; negative: none
  double huber_delta = 1;
  double margin = 0;  ///< of triplet (squared distance), arcface (radians) and cosface; 0: 0.2, 0.5 and 0.35
  double scale = 64;  ///< of arcface and cosface: what cosines are multiplied by
  std::array<std::int64_t, 2> pixels = {0, 0};  ///< of those of pixels: height and width of the targets
};

/// What a loss compares the logits with.
enum class LossTarget {
  distribution,  ///< of one of several classes: (batch, width), rows add up to 1
  class_number,  ///< of one of several classes: (batch) int64
  truths,        ///< of each unit: 0 to 1, (batch, width)
  values,        ///< (batch, width)
  boxes,         ///< of each default box its class and its code: (batch, boxes, 5); logits (batch, boxes, width)
  tokens,        ///< the number of one of the tokens for each unit, (batch, width) int64; logits (batch, tokens, width)
  pixels,  ///< the number of a class for each pixel, below 0: none, (batch, height, width) int64 (`LossSpec::pixels`);
           ///< logits (batch, width, rows, columns), which are resized to it
  identity,  ///< whose the example is: (batch) int64; logits (batch, width) are a vector
  centre,    ///< the same, by the number of the centre: (batch) int64, another for one without; logits (batch, centres)
  own,       ///< the example's own: nothing beside the logits
  written,   ///< the words that were to be written, which the head has compared already
  sequence,  ///< labels in their order, -1 behind the shorter ones, "labels" (batch, longest) int64; logits (batch,
             ///< frames, width), of which the first unit is none of them, and "attention_mask" counts the frames
};

/// All kinds of loss.
std::vector<std::string> loss_kinds();

/// What a kind compares with. Throws Error{usage} for an unknown one, naming the nearest.
LossTarget loss_target(std::string_view kind);

/// It compares the examples of a batch with each other: parts of a batch would be another loss than the whole batch.
bool compares_examples(std::string_view kind);

/// The names of a loss graph's values.
inline constexpr std::string_view kLossTarget = "target";
inline constexpr std::string_view kLossLabels = "labels";  ///< of `LossTarget::sequence`
inline constexpr std::string_view kLossOutput = "loss";
inline constexpr std::string_view kPlainLossOutput = "plain_loss";

/// The loss that examples are judged by: the same without label smoothing and class weights, which are means of
/// learning. Weights that were found in another way, such as an exact head, are compared by it too (timm validates so).
LossSpec plain(LossSpec spec);

/// The loss as ONNX operators of the stage "loss": inputs `logits` (batch, width) and "target" ((batch, width) of the
/// logits' type; (batch) int64 for sparse), output the scalar "loss": the sum over the examples, each times the weight
/// of its class, divided by the number of examples (Keras's mean; PyTorch divides by the sum of the weights where
/// targets are class numbers). A target that is spread over classes has the weight of each for its share, as in
/// PyTorch. Binary and regression losses are means over the width too; a single sigmoid unit has two class weights, and
/// smoothing goes towards one half. That of tokens is the mean of a cross-entropy over the tokens for each unit, that
/// of pixels over those of the batch that have a class. A class number out of range adds no loss (an ignore index).
/// Numerically stable. Throws Error{usage} for an unknown kind (naming the nearest) and for fields out of range.
Graph loss_graph(const LossSpec& spec, const Value& logits);

/// `network` with the loss behind its output "head.logits": inputs are those of the network, then "target"; outputs
/// are "loss", then "plain_loss" where that is another one, then those of the network.
Graph with_loss(const Graph& network, const LossSpec& spec);

}  // namespace enxerto
