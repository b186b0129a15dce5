#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/base/state_dict.h"
#include "enxerto/weights/read_weights.h"
#include "enxerto/zoo/recurrent_network.h"

namespace enxerto {

/// A network of word vectors and recurrent layers, as a file of PyTorch or Keras has it.
struct RecurrentWeights {
  RecurrentConfig config;                              ///< its sizes, which the tensors tell
  StateDict parameters;                                ///< as `recurrent_network(config)` wants them
  std::vector<std::string> left_out = {}, notes = {};  ///< layers that the network does not have: "decoder"
};

/// Each layer is on top of the one before it: the first of the file that takes as many features as that gives. The word
/// vectors are Keras's `embeddings`, or of a PyTorch file the first matrix as wide as what its first layer takes.
/// nullopt for a file without recurrent layers or without word vectors. Throws Error{weights} naming `where` and the
/// layer for layers that are not on top of each other, a tensor that is missing or does not fit, and, where a Keras
/// file has its model's configuration, for activations and directions other than the usual ones.
std::optional<RecurrentWeights> recurrent_weights(const WeightFile& file, std::string_view where);

}  // namespace enxerto
