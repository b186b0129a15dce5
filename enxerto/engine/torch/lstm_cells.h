#pragma once
#include <cstdint>

namespace enxerto {

/// One step of an LSTM (Hochreiter, Schmidhuber 1997; gates i, o, f, c as ONNX has them) for rows of `hidden` numbers,
/// all contiguous.
struct LstmStep {
  std::int64_t hidden = 0;
  float* gates = nullptr;            ///< (rows, 4 hidden): what the rows say; after `forward` behind the activations
  const float* of_states = nullptr;  ///< the same by the states of the step before, added to it
  const float* before = nullptr;     ///< cells of the step before
  float* cells = nullptr;
  float* states = nullptr;  ///< what the rows say, only written
};

/// What changes a step, from the last one to the first.
struct LstmChange {
  std::int64_t hidden = 0;
  const float* gates = nullptr;   ///< behind the activations
  const float* before = nullptr;  ///< cells of the step before
  const float* cells = nullptr;
  const float* of_outputs = nullptr;  ///< gradient of what the rows say; may be null: 0
  const float* of_states = nullptr;   ///< gradient of the same, by the next step
  float* of_cells = nullptr;          ///< gradient of the cells; becomes that of the cells before
  float* of_gates = nullptr;          ///< gradient before the activations, only written
};

/// Both work on the first rows of a step, so many.
struct LstmCells {
  void (*forward)(const LstmStep& step, std::int64_t rows);
  void (*backward)(const LstmChange& change, std::int64_t rows);
};

/// One a source file, each compiled for the instruction set of its name; call only where the processor has it.
extern const LstmCells kLstmCellsSse2, kLstmCellsAvx2;

/// The best for this processor.
const LstmCells& lstm_cells();

}  // namespace enxerto
