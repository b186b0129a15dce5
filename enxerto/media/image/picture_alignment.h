#pragma once
#include "enxerto/base/tensor.h"
#include "enxerto/media/image/image.h"
#include "enxerto/media/image/preprocess.h"
#include "enxerto/media/image/random_change.h"

namespace enxerto {

/// Where the points of a picture are in the network's input: (2, 3) of float32, x' = m[0] x + m[1] y + m[2],
/// y' = m[3] x + m[4] y + m[5], px, a pixel's centre being at its half. The picture is as it was decoded.
Tensor plain_alignment(const Image& image, const ImagePreprocess& preprocess);

/// The same after `change_into`. What a reflected border shows a second time has no place of its own.
Tensor changed_alignment(const Image& image, const ImagePreprocess& preprocess, const DrawnChange& drawn);

}  // namespace enxerto
