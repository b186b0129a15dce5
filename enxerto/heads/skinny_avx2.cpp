#define ENXERTO_TARGET __attribute__((target("avx2,fma")))
#include "enxerto/heads/skinny_sets.h"
#include "enxerto/heads/skinny_tiles.h"

namespace enxerto {

extern const SkinnyProduct kSkinnyAvx2 = skinny::product<8, 2>("avx2");

}  // namespace enxerto
