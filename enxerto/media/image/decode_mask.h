#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace enxerto {

/// A picture whose samples are numbers, not colours: rows from the top, one number a pixel.
struct NumberedPicture {
  int width = 0, height = 0;
  std::vector<std::uint16_t> numbers;  ///< height x width
};

/// What a PNG file says of each pixel: its index where there is a palette, whose colours are not looked at; else its
/// grey as it is stored (0 and 1 of one bit, 0 to 65535 of sixteen). Three equal channels are a grey; alpha is dropped;
/// an EXIF orientation is not looked at. Throws Error{data} naming `where` for a picture in colours, for another format
/// (JPEG changes values), and as `decode_image`.
NumberedPicture decode_mask(std::span<const std::byte> bytes, std::string_view where);

}  // namespace enxerto
