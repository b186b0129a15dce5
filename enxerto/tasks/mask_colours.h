#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "enxerto/base/tensor.h"
#include "enxerto/media/image/encode_png.h"
#include "enxerto/media/image/image.h"

namespace enxerto {

/// A colour for each of these classes: those of Pascal VOC by number, of which the first, black, is left to a class
/// called "background"; then, up to number 255, for what is no class, light grey. 256 in all.
std::vector<RgbColour> class_colours(std::span<const std::string> names);

/// Half of the picture, half the colour of each pixel's class in `map`, (height, width) of uint8 of any size; pixels
/// without a class stay as they are.
void overlay_classes(Image& image, const Tensor& map, std::span<const RgbColour> colours);

}  // namespace enxerto
