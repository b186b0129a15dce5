#define ENXERTO_TARGET
#include "enxerto/engine/torch/resized_rows.h"
#include "enxerto/engine/torch/resized_rows_kernel.h"

namespace enxerto {

extern const ResizedRows kResizedRowsSse2 = {.forward = forward_of, .backward = backward_of};

}  // namespace enxerto
