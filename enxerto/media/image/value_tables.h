#pragma once
#include <array>
#include <cstdint>

#include "enxerto/media/image/image.h"

namespace enxerto {

/// What each of the 256 values of a channel becomes.
using ValueTable = std::array<std::uint8_t, 256>;

/// Each channel through its own table: red, green, blue.
void apply(Image& image, const std::array<ValueTable, 3>& tables);

/// The operations of Pillow's ImageOps of these names, equal to the bit.
void posterize(Image& image, int bits);         ///< keeps the highest 1 to 8 bits of each value
void solarize(Image& image, double threshold);  ///< inverts values from the threshold on; 256 changes nothing
void autocontrast(Image& image);                ///< stretches each channel to 0..255
void equalize(Image& image);                    ///< makes each channel's histogram flat

}  // namespace enxerto
