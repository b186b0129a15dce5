#pragma once
#include <string_view>

#include "enxerto/media/image/preprocess.h"

namespace enxerto {

/// Throws Error{data} naming `where` and the first field that is out of its range.
void check(const ImagePreprocess& preprocess, std::string_view where);

}  // namespace enxerto
