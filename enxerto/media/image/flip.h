#pragma once
#include "enxerto/media/image/image.h"

namespace enxerto {

/// Left and right are swapped.
void flip_left_right(Image& image);

/// Top and bottom are swapped.
void flip_top_bottom(Image& image);

/// Moves the picture's content by so many px to the left and up (negative: right, down); what comes in is the picture
/// mirrored at its border, without the border's own line (numpy's pad mode "reflect"). Less than a side either way.
void shift_reflected(Image& image, int left, int up);

}  // namespace enxerto
