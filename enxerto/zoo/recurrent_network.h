#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "enxerto/graph/blueprint.h"
#include "enxerto/graph/builder.h"

namespace enxerto {

/// A layer of a network of recurrent layers.
struct RecurrentLayer {
  std::string op = "LSTM";  ///< LSTM | GRU | RNN, as graph/recurrent.h says
  std::int64_t hidden = 0;  ///< units of one direction
  bool bidirectional = false;
  bool biases = true;
  /// Of a GRU: its reset gate comes after the product with the state, as in PyTorch and CuDNN.
  bool resets_after = true;
};

/// Word vectors and recurrent layers on top of each other (AWD-LSTM of Merity et al. 2017, arXiv:1708.02182; ULMFiT of
/// Howard, Ruder 2018), without what is dropped in training: that belongs to a phase (graph/recurrent_dropout.h).
struct RecurrentConfig {
  std::string name = "lstm";
  std::int64_t vocabulary = 0, embedding = 0;
  std::vector<RecurrentLayer> layers = {};
  /// Above 0: so many words are scored behind them, as textgenrnn (Woolf 2017) does it: word vectors and the states of
  /// all layers side by side, their average by attention over all tokens, and a dense layer on that.
  std::int64_t scored_words = 0;
};

/// What a network with `scored_words` answers with, (batch, words), before the softmax.
inline constexpr const char* kScoredWords = "scores";

/// A layer over `x` (batch, tokens, width) with padding behind `lengths` (batch) of int32, as `recurrent_network`
/// writes it: (batch, tokens, directions * hidden), zeros behind the lengths.
std::string recurrent_layer(GraphBuilder& net, const std::string& x, const std::string& lengths,
                            const std::string& name, const RecurrentLayer& layer);

/// Inputs "input_ids" and "attention_mask", each (batch, tokens) int64, with padding behind the tokens; output "states"
/// (batch, tokens, width), those of the last layer, its directions side by side; zeros where a text has ended. Every
/// layer is told the lengths, so that padding never changes an answer. Parameters "embeddings.word.weight" (vocabulary,
/// embedding), "rnn.0.weight" (directions, gates * hidden, features), "rnn.0.recurrent" (directions, gates * hidden,
/// hidden), "rnn.0.bias" (directions, 2 * gates * hidden) .. with ONNX's order of the gates; with `scored_words`
/// "attention.weight" (width of all, 1), "words.weight" (words, width of all) and "words.bias", and the output
/// `kScoredWords`. Stages: embeddings, rnn0 .. Throws Error{usage} for sizes that are not possible.
Blueprint recurrent_network(const RecurrentConfig& config);

}  // namespace enxerto
