#pragma once
#include <cstddef>
#include <span>
#include <string_view>

#include "enxerto/media/image/image.h"

namespace enxerto {

/// As `decode_image`, and what is transparent, of a PNG or a WebP, shows the paper behind it: white, or black where
/// every pixel that is rather seen than not is lighter than middle grey, so that ink is told from paper. A picture
/// without transparency is what `decode_image` gives.
Image decode_on_paper(std::span<const std::byte> bytes, std::string_view where);

}  // namespace enxerto
