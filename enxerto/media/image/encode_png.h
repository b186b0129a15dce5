#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace enxerto {

/// Red, green and blue.
using RgbColour = std::array<std::uint8_t, 3>;

/// A PNG file of `height` x `width` indices into a palette of 1 to 256 colours. Throws Error{other} where libpng
/// refuses it: no pixels, or no palette.
std::vector<std::byte> encode_palette_png(std::span<const std::uint8_t> indices, int width, int height,
                                          std::span<const RgbColour> palette);

}  // namespace enxerto
