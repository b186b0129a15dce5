#include "enxerto/engine/torch/resized_rows.h"

#include "enxerto/engine/torch/vector_set.h"

namespace enxerto {

const ResizedRows& resized_rows() { return has_avx2_and_fma() ? kResizedRowsAvx2 : kResizedRowsSse2; }

}  // namespace enxerto
