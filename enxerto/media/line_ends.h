#pragma once
#include <cstddef>
#include <string_view>

#include "enxerto/media/field.h"

namespace enxerto {

/// Bytes of an example without the line ends behind it, which editors and `echo` put behind a text; of other media all.
std::size_t size_without_line_ends(Medium medium, std::string_view bytes);

}  // namespace enxerto
