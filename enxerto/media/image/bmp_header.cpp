#include "enxerto/media/image/bmp_header.h"

#include <algorithm>
#include <string>

namespace enxerto::image_format {
namespace {

constexpr std::size_t kFileHeader = 14;
constexpr std::uint32_t kOldHeader = 12, kPlainHeader = 40;
constexpr std::array<std::uint32_t, 6> kHeaderSizes{kPlainHeader, 52, 56, 64, 108, 124};
constexpr std::array<std::uint32_t, 6> kBits{1, 4, 8, 16, 24, 32};

template <std::size_t N>
bool is_one_of(std::uint32_t value, const std::array<std::uint32_t, N>& values) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

/// Reads the palette, and returns where it ends. Like Pillow: the grey ramp 0, 1, 2.. stands for all 256 greys.
std::size_t read_palette(const Source& source, BmpHeader& header, std::size_t at, std::size_t colors,
                         std::size_t width) {
  bool ramp = header.bits == 8;
  for (std::size_t i = 0; i < std::min<std::size_t>(colors, 256); ++i) {
    for (std::size_t c = 0; c < 3; ++c) {
      const auto value = static_cast<std::uint8_t>(bmp_number(source, at + i * width + 2 - c, 1));
      header.palette[i * 3 + c] = value;
      ramp = ramp && value == i;
    }
  }
  for (std::size_t i = 0; ramp && i < 768; ++i) header.palette[i] = static_cast<std::uint8_t>(i / 3);
  return at + colors * width;
}

void read_info(const Source& source, BmpHeader& header) {
  header.width = bmp_number(source, 18, 4);
  header.height = bmp_number(source, 22, 4);
  header.top_down = header.height >> 24 == 0xFF;
  if (header.top_down) header.height = (std::int64_t{1} << 32) - header.height;
  header.bits = bmp_number(source, 28, 2);
  const std::uint32_t compression = bmp_number(source, 30, 4);
  if (compression > 3) throw_unsupported(source, "BMP", "compression " + std::to_string(compression));
  header.compression = static_cast<BmpCompression>(compression);
}

}  // namespace

std::uint32_t bmp_number(const Source& source, std::size_t at, std::size_t width) {
  if (at > source.size() || source.size() - at < width) throw_damaged(source, "BMP", "the data end too early");
  std::uint32_t value = 0;
  for (std::size_t i = width; i-- > 0;) value = value << 8 | source.data()[at + i];
  return value;
}

BmpHeader read_bmp_header(const Source& source) {
  BmpHeader header;
  const std::uint32_t size = bmp_number(source, kFileHeader, 4);
  std::size_t colors = 0;
  if (size == kOldHeader) {
    header.width = bmp_number(source, 18, 2);
    header.height = bmp_number(source, 20, 2);
    header.bits = bmp_number(source, 24, 2);
  } else if (is_one_of(size, kHeaderSizes)) {
    read_info(source, header);
    colors = bmp_number(source, 46, 4);
  } else {
    throw_unsupported(source, "BMP", "a header of " + std::to_string(size) + " bytes");
  }
  if (!is_one_of(header.bits, kBits)) throw_unsupported(source, "BMP", std::to_string(header.bits) + " bits per pixel");
  std::size_t end = kFileHeader + size;
  if (header.compression == BmpCompression::fields) {
    // The masks follow a plain header and are part of a longer one: the same place.
    for (std::size_t i = 0; i < 3; ++i) header.masks[i] = bmp_number(source, kFileHeader + kPlainHeader + i * 4, 4);
    if (size == kPlainHeader) end += 12;
  }
  header.pixels = bmp_number(source, 10, 4);
  if (header.bits <= 8) {
    const std::size_t entry = size == kOldHeader ? 3 : 4;
    if (colors == 0) colors = std::size_t{1} << header.bits;
    if (colors > 65536) throw_damaged(source, "BMP", "a palette of " + std::to_string(colors) + " colours");
    // Some writers point at the palette instead of at the pixels behind it.
    if (header.pixels == kFileHeader + size) header.pixels += entry * colors;
    end = read_palette(source, header, end, colors, entry);
  }
  if (header.pixels == 0) header.pixels = end;
  return header;
}

}  // namespace enxerto::image_format
