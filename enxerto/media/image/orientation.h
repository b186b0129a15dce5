#pragma once
#include "enxerto/media/image/image.h"

namespace enxerto {

/// The picture turned and mirrored so that it stands upright, by its EXIF orientation (tag 0x0112: 1 to 8; any other
/// number leaves it as it is). Equal to Pillow's `ImageOps.exif_transpose`.
Image turned_upright(Image image, int orientation);

}  // namespace enxerto
