#define ENXERTO_TARGET __attribute__((target("avx2,fma")))
#define ENXERTO_SET resized_avx2
#include "enxerto/engine/torch/resized_rows.h"
#include "enxerto/engine/torch/resized_rows_kernel.h"

namespace enxerto {

extern const ResizedRows kResizedRowsAvx2 = {.forward = resized_avx2::forward_of,
                                             .backward = resized_avx2::backward_of};

}  // namespace enxerto
