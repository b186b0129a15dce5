#pragma once
#include <array>
#include <cstdint>

#include "enxerto/media/image/format.h"

namespace enxerto::image_format {

/// Little-endian numbers of a BMP file. Throws Error{data} beyond the end of the file.
std::uint32_t bmp_number(const Source& source, std::size_t at, std::size_t width);

enum class BmpCompression : std::uint32_t { none = 0, rle8 = 1, rle4 = 2, fields = 3 };

/// A BMP file's headers, of every version from OS/2 1 to Windows 5.
struct BmpHeader {
  std::int64_t width = 0, height = 0;
  bool top_down = false;
  std::uint32_t bits = 0;  ///< a pixel: 1, 4, 8, 16, 24 or 32
  BmpCompression compression = BmpCompression::none;
  std::array<std::uint32_t, 3> masks{};     ///< of red, green and blue, where `compression` is `fields`
  std::array<std::uint8_t, 768> palette{};  ///< RGB of all 256 indices, black beyond the end of the palette
  std::size_t pixels = 0;                   ///< where the pixels start in the file
};

/// Throws Error{data} for a header that is cut off or of a kind that Pillow does not read either.
BmpHeader read_bmp_header(const Source& source);

/// The indices of an RLE4 or RLE8 file, in the order of the file's rows. Throws Error{data} where there are too few.
std::vector<std::uint8_t> read_bmp_runs(const Source& source, const BmpHeader& header);

}  // namespace enxerto::image_format
