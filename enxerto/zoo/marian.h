#pragma once
#include <cstdint>
#include <string>

#include "enxerto/graph/blueprint.h"
#include "enxerto/zoo/transformer_layers.h"

namespace enxerto {

/// Marian's Transformer for translation (Junczys-Dowmunt et al. 2018, arXiv:1804.00344; opus-mt): normalisation behind
/// each branch, sinusoidal positions, and of its students a recurrent decoder.
struct MarianConfig {
  std::string name = "marian";
  /// Of the encoder; `vocabulary` are the words of both languages where there is no `target_vocabulary`.
  TransformerSizes sizes = {
      .vocabulary = 58101, .positions = 512, .width = 512, .depth = 6, .heads = 8, .hidden = 2048};
  std::int64_t decoder_depth = 6, decoder_heads = 8, decoder_hidden = 2048;
  std::int64_t target_vocabulary = 0;  ///< 0: one table for both languages
  bool own_output = false;             ///< words are scored by a table of their own
  bool recurrent = false;              ///< the decoder reads its words by SSRU in place of attention
  bool scaled = true;                  ///< word vectors times the root of the width
  bool positions_to_the_end = false;   ///< as `sinusoids`: of Marian's own files
  bool begins_with_nothing = false;    ///< a negative number stands for no word, a vector of zeros, before the first
  float epsilon = 1e-5F;
  BlockActivation activation = BlockActivation::silu;
};

/// Inputs "input_ids" and "attention_mask", (batch, tokens) int64, and "decoder_input_ids" (batch, words) int64; output
/// `kNextWords` (batch, words, vocabulary): scores of the word behind each. Stages: embeddings, encoder0 ..,
/// decoder0 .., head. Padding of the source changes nothing; words of the target see none behind them. Throws
/// Error{usage} for sizes that are not possible.
Blueprint marian(const MarianConfig& config);

}  // namespace enxerto
