#define ENXERTO_TARGET __attribute__((target("avx512f,fma")))
#include "enxerto/heads/skinny_sets.h"
#include "enxerto/heads/skinny_tiles.h"

namespace enxerto {

extern const SkinnyProduct kSkinnyAvx512 = skinny::product<16, 4>("avx512");

}  // namespace enxerto
