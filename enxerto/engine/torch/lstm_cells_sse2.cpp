#define ENXERTO_TARGET
#define ENXERTO_SET lstm_sse2
#include "enxerto/engine/torch/lstm_cells.h"
#include "enxerto/engine/torch/lstm_cells_kernel.h"

namespace enxerto {

extern const LstmCells kLstmCellsSse2 = {.forward = lstm_sse2::forward_cells, .backward = lstm_sse2::backward_cells};

}  // namespace enxerto
