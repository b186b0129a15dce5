#pragma once
#include <cstdint>
#include <string>

#include "enxerto/graph/blueprint.h"
#include "enxerto/zoo/transformer_layers.h"

namespace enxerto {

/// T5 (Raffel et al. 2020, arXiv:1910.10683; 1.1 and Flan-T5 with gates): normalisation by the root of the mean square
/// before each branch, no biases, and scores of attention that know how far two words are apart.
struct T5Config {
  std::string name = "t5";
  TransformerSizes sizes = {
      .vocabulary = 32128, .positions = 512, .width = 512, .depth = 6, .heads = 8, .hidden = 2048};
  std::int64_t decoder_depth = 6;
  std::int64_t head_width = 64;
  std::int64_t buckets = 32;        ///< of distances between words; even, for the encoder has half of them either way
  std::int64_t max_distance = 128;  ///< words from which on all are equally far
  bool gated = false;               ///< the first dense layer is a product of two, one of them activated
  bool own_output = false;          ///< words are scored by a table of their own
  bool scaled_output = true;        ///< states are divided by the root of the width before words are scored
  float epsilon = 1e-6F;
  BlockActivation activation = BlockActivation::relu;
};

/// The bucket of a distance from the word that looks to the one that is seen (negative: behind it), as the paper's code
/// has it: both sides where `both_ways`, else those ahead are in bucket 0.
std::int64_t distance_bucket(std::int64_t distance, bool both_ways, std::int64_t buckets, std::int64_t max_distance);

/// Inputs, output and stages as those of `marian` (zoo/marian.h), without biases of words. Throws Error{usage} for
/// sizes that are not possible.
Blueprint t5(const T5Config& config);

}  // namespace enxerto
