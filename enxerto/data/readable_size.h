#pragma once
#include <optional>

#include "enxerto/data/dataset.h"
#include "enxerto/media/image/picture_size.h"

namespace enxerto {

/// The size of a picture that stands alone in an example; nothing where it cannot be read: whoever reads it leaves it
/// out and says why, not who asks for the size of what is labelled in it.
std::optional<PictureSize> readable_size(const Example& example);

}  // namespace enxerto
