#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

namespace enxerto::image_format {

/// What the numbers of a TIFF picture mean.
struct TiffKind {
  enum class Color { white_is_zero, black_is_zero, rgb, palette, cmyk };
  Color color = Color::black_is_zero;
  unsigned bits = 8;                        ///< of a sample: 1, 2, 4, 8 or 16
  unsigned samples = 1;                     ///< of a pixel
  bool premultiplied = false;               ///< RGB with an alpha that it was multiplied by
  std::array<std::uint8_t, 768> palette{};  ///< RGB of all 256 indices
};

/// Takes `count` samples of `bits` bits (16: native byte order) out of `row` as bytes, to every `step`-th of `to`:
/// 16 bits by their high byte, fewer than 8 as they are.
void tiff_samples(const std::uint8_t* row, unsigned bits, std::size_t count, std::uint8_t* to, std::size_t step);

/// Turns `count` pixels of `kind.samples` such bytes each into RGB, with the rounding of Pillow.
void tiff_to_rgb(const TiffKind& kind, const std::uint8_t* samples, std::size_t count, std::uint8_t* rgb);

}  // namespace enxerto::image_format
