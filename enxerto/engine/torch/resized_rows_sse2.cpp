#define ENXERTO_TARGET
#define ENXERTO_SET resized_sse2
#include "enxerto/engine/torch/resized_rows.h"
#include "enxerto/engine/torch/resized_rows_kernel.h"

namespace enxerto {

extern const ResizedRows kResizedRowsSse2 = {.forward = resized_sse2::forward_of,
                                             .backward = resized_sse2::backward_of};

}  // namespace enxerto
