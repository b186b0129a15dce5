#pragma once
#include <cstdint>
#include <string>

#include "enxerto/graph/builder.h"
#include "enxerto/zoo/token_input.h"

namespace enxerto {

/// The target's tokens so far, each the one before that which is foretold.
inline constexpr const char* kDecoderIds = "decoder_input_ids";

/// The node that numbers them from 0, (batch, words) int64.
inline constexpr const char* kDecoderPositions = "decoder.positions";

/// A simpler simple recurrent unit (`ssru`) is these values behind its scope.
inline constexpr const char *kForget = "rnn.forget", *kCandidate = "rnn.candidate", *kCell = "rnn.cell";

/// The target's side of a network that writes one text for another.
struct DecoderInput {
  std::string ids = {};
  std::string positions = {};
  std::string of = {}, from = {};  ///< positions seen, (batch, 1, 1, words), and that look, (batch, 1, words, 1)
  std::string causal = {};  ///< added to scores of attention, (batch, 1, words, words): a word sees none behind it
};

/// Declares "decoder_input_ids" (batch, words); the rest belongs to the stage that the builder is in.
DecoderInput decoder_input(GraphBuilder& net);

/// Sine and cosine of the positions (batch, n) at width / 2 frequencies, from 1 down to 1 / 10000 ^ (1 - 2 / width),
/// or, with `to_the_end`, to 1 / 10000: (batch, n, width), all sines first (Vaswani et al. 2017; Marian,
/// tensor2tensor).
std::string sinusoids(GraphBuilder& net, const std::string& positions, const std::string& name, std::int64_t width,
                      bool to_the_end);

/// What Marian's SSRU (Kim et al. 2019) reads along the words, of x (batch, words, width): f = sigmoid(x Wf + bf),
/// c = f c_before + (1 - f) x W, relu(c), from c = 0. `of_words` is `DecoderInput::causal`. All steps at once: the
/// decay from one word to a later one is the exponential of a difference of sums of logarithms.
std::string ssru(GraphBuilder& net, const std::string& x, const std::string& scope, const DecoderInput& input);

}  // namespace enxerto
