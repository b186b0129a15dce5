#pragma once
#include "enxerto/media/image/image.h"

namespace enxerto {

/// The picture between a duller one (factor 0) and itself (factor 1), or beyond (above 1): equal to the bit to Pillow's
/// ImageEnhance. `factor` is at least 0.
void adjust_brightness(Image& image, double factor);  ///< 0 is black
void adjust_contrast(Image& image, double factor);    ///< 0 is the mean grey
void adjust_saturation(Image& image, double factor);  ///< 0 is without colour
void adjust_sharpness(Image& image, double factor);   ///< 0 is smoothed by 3 x 3 px

/// Turns the hue by this share of the colour circle, -0.5 to 0.5, through Pillow's 8-bit HSV as torchvision does.
void adjust_hue(Image& image, double turn);

}  // namespace enxerto
