#include "enxerto/engine/torch/lstm_cells.h"

#include "enxerto/engine/torch/vector_set.h"

namespace enxerto {

const LstmCells& lstm_cells() { return has_avx2_and_fma() ? kLstmCellsAvx2 : kLstmCellsSse2; }

}  // namespace enxerto
