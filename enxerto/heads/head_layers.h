#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/graph/builder.h"

namespace enxerto {

/// Features before they are pooled, as a `HeadPooling` takes them.
struct Unpooled {
  std::string value;         ///< (batch, ..) with the channels at `channels`
  std::size_t channels = 1;  ///< a dimension
  std::string mask = {};     ///< (batch, tokens), of any type; "": everything counts
};

/// How a map, or a row of tokens, becomes one row of features.
struct HeadPooling {
  std::string_view name;  ///< "avg"
  /// (batch, channels, height, width) -> (batch, features); with `flatten` in the order channel, row, column. nullptr
  /// where a map has no such thing.
  std::string (*of_map)(GraphBuilder& net, const std::string& x);
  /// Any other layout -> (batch, features), over every dimension but the first and the channels.
  std::string (*of_tokens)(GraphBuilder& net, const Unpooled& x);
  bool takes_mask = true;
  bool keeps_tokens = false;  ///< (batch, tokens, features) instead: nothing is pooled
};

/// What stands behind a dense layer.
struct HeadActivation {
  std::string_view name;  ///< "relu"
  std::string_view op;    ///< the ONNX operator where it is a single one: "Relu"; "" without `write`: nothing is added
  std::string (*write)(GraphBuilder& net, const std::string& x, const std::string& node) = nullptr;

  std::string add(GraphBuilder& net, const std::string& x, const std::string& node) const;
};

/// How the last layer's numbers are read.
struct HeadOutput {
  std::string_view name;  ///< "softmax"
  /// Probabilities from logits.
  std::string (*add)(GraphBuilder& net, const std::string& logits);
  bool of_tokens = false;  ///< logits may be (batch, tokens, units) too
  /// What becomes of logits (batch, tokens, units) where the mask (batch, tokens) says that a token fills up, so that
  /// it makes no difference; null: nothing.
  std::string (*on_padding)(GraphBuilder& net, const std::string& logits, const std::string& mask) = nullptr;
};

/// `logits` (batch, tokens, units) with -`kFarBelow` for those of padding, where `mask` (batch, tokens) is 0: whatever
/// a network says of padding makes no difference.
std::string below_on_padding(GraphBuilder& net, const std::string& logits, const std::string& mask);

/// The same with -`kFarBelow` for all units but the first: nothing is said there, for sure.
std::string blank_on_padding(GraphBuilder& net, const std::string& logits, const std::string& mask);

/// The names of all rows: what a recipe may say.
std::vector<std::string> head_pooling_names();
std::vector<std::string> head_activation_names();
std::vector<std::string> head_output_names();

/// The row of that name. Throws Error{usage} with the nearest name where there is none.
const HeadPooling& head_pooling(std::string_view name);
const HeadActivation& head_activation(std::string_view name);
const HeadOutput& head_output(std::string_view name);

}  // namespace enxerto
