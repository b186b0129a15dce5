#pragma once
#include <ATen/core/Tensor.h>

#include <optional>

namespace enxerto {

/// One direction of an LSTM over a batch; all float32 on the processor.
struct LstmRun {
  at::Tensor rows;                         ///< (length, batch, features)
  at::Tensor weight, recurrent;            ///< (4 hidden, features), (4 hidden, hidden): gates i, o, f, c
  std::optional<at::Tensor> bias = {};     ///< (8 hidden): of the rows, of the states
  at::Tensor states, cells;                ///< (batch, hidden) before the first row
  std::optional<at::Tensor> lengths = {};  ///< (batch) of int64, 0 to length; nothing: all as long as the batch
  bool narrow = false;                     ///< products of bfloat16; all else stays float32
};

struct LstmResult {
  at::Tensor rows;           ///< (length, batch, hidden), 0 behind an example's end
  at::Tensor states, cells;  ///< (batch, hidden) after each example's last row
};

/// What at::lstm says, with gradients, in less time: examples lie side by side by length, so that nothing is computed
/// behind an end; what a step does but its product is one pass; the gradients of the weights are one product over all
/// steps.
LstmResult fused_lstm(const LstmRun& run);

}  // namespace enxerto
