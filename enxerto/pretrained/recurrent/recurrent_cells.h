#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/base/state_dict.h"
#include "enxerto/base/tensor.h"

namespace enxerto {

/// One direction of a recurrent layer, as a file has it, in the form of ONNX's operators (graph/recurrent.h): float32,
/// gates i o f c or z r h.
struct RecurrentCell {
  std::string path;  ///< what the file calls its layer, both directions alike: "lstm l0", "lstm/lstm_cell"
  std::string op;    ///< LSTM | GRU | RNN
  bool backward = false, resets_after = true;
  Tensor weight = {};     ///< (gates * hidden, features)
  Tensor recurrent = {};  ///< (gates * hidden, hidden)
  Tensor bias = {};       ///< (2 * gates * hidden); empty where it has none

  std::int64_t hidden() const { return recurrent.shape().at(1); }
  std::int64_t features() const { return weight.shape().at(1); }
};

/// The cells of a file, in its order, and the tensors that they are made of.
struct StoredCells {
  std::vector<RecurrentCell> cells = {};
  std::vector<std::string> tensors = {};
};

/// Those that PyTorch names ("lstm.weight_ih_l0", "lstm.bias_hh_l1_reverse"; gates i f g o and r z n), fastai's
/// AWD-LSTM among them ("0.rnns.1.weight_hh_l0_raw", "0.rnns.1.module.weight_ih_l0"). Throws Error{weights} naming
/// `where` for a layer of which a tensor is missing or does not fit, and for one with a projection.
StoredCells torch_cells(const StateDict& file, std::string_view where);

/// Those that Keras names ("lstm/lstm_cell/kernel", "recurrent_kernel", "bias"; gates i f c o and z r h), CuDNN's
/// layout of older files among them (Keras's `preprocess_weights_for_loading`). Throws as above.
StoredCells keras_cells(const StateDict& file, std::string_view where);

/// The operator with so many gates; "" for none.
std::string_view recurrent_operator(std::int64_t gates);

/// Rows of a matrix, or numbers of a vector, in blocks of `hidden` by gate: `tensor`'s own order is PyTorch's (i f g o
/// and r z n), the result's ONNX's. Float32.
Tensor gates_from_torch(const Tensor& tensor, std::string_view op, std::int64_t hidden);

/// Throws Error{weights} for a layer of a file.
[[noreturn]] void refuse_cell(std::string_view where, std::string_view path, std::string found, std::string expected);

}  // namespace enxerto
