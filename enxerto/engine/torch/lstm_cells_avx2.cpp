#define ENXERTO_TARGET __attribute__((target("avx2,fma")))
#define ENXERTO_SET lstm_avx2
#include "enxerto/engine/torch/lstm_cells.h"
#include "enxerto/engine/torch/lstm_cells_kernel.h"

namespace enxerto {

extern const LstmCells kLstmCellsAvx2 = {.forward = lstm_avx2::forward_cells, .backward = lstm_avx2::backward_cells};

}  // namespace enxerto
