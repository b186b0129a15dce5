#pragma once
#include "enxerto/heads/skinny_product.h"

namespace enxerto {

/// One a source file, each compiled for the instruction set of its name; call only where the processor has it.
extern const SkinnyProduct kSkinnySse2, kSkinnyAvx2, kSkinnyAvx512;

}  // namespace enxerto
