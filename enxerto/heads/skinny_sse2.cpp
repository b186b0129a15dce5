#define ENXERTO_TARGET __attribute__((target("sse2")))
#include "enxerto/heads/skinny_sets.h"
#include "enxerto/heads/skinny_tiles.h"

namespace enxerto {

extern const SkinnyProduct kSkinnySse2 = skinny::product<4, 2>("sse2");

}  // namespace enxerto
