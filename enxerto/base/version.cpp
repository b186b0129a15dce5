#include "enxerto/base/version.h"

namespace enxerto {

std::string_view version() { return ENXERTO_VERSION; }

}  // namespace enxerto
