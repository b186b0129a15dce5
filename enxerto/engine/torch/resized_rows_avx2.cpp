#define ENXERTO_TARGET __attribute__((target("avx2,fma")))
#include "enxerto/engine/torch/resized_rows.h"
#include "enxerto/engine/torch/resized_rows_kernel.h"

namespace enxerto {

extern const ResizedRows kResizedRowsAvx2 = {.forward = forward_of, .backward = backward_of};

}  // namespace enxerto
