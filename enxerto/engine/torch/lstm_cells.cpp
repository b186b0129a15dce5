#include "enxerto/engine/torch/lstm_cells.h"

namespace enxerto {

const LstmCells& lstm_cells() {
  static const bool has_avx2 = __builtin_cpu_supports("avx2") > 0 && __builtin_cpu_supports("fma") > 0;
  return has_avx2 ? kLstmCellsAvx2 : kLstmCellsSse2;
}

}  // namespace enxerto
