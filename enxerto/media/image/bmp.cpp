#include <algorithm>
#include <array>

#include "enxerto/base/to_size.h"
#include "enxerto/media/image/bmp_header.h"
#include "enxerto/media/image/format.h"

namespace enxerto::image_format {
namespace {

/// Turns `count` stored pixels into RGB.
using Unpack = void (*)(const BmpHeader& header, const std::uint8_t* row, std::size_t count, std::uint8_t* rgb);

template <unsigned kBits>
void unpack_indices(const BmpHeader& header, const std::uint8_t* row, std::size_t count, std::uint8_t* rgb) {
  constexpr unsigned kEach = 8 / kBits;
  for (std::size_t x = 0; x < count; ++x) {
    const unsigned shift = 8 - kBits * (static_cast<unsigned>(x % kEach) + 1);
    const std::size_t index = (row[x / kEach] >> shift) & ((1U << kBits) - 1);
    rgb = std::copy_n(&header.palette[index * 3], 3, rgb);
  }
}

/// 5 bits of red and blue and `kGreen` bits of green.
template <unsigned kGreen>
void unpack_16(const BmpHeader&, const std::uint8_t* row, std::size_t count, std::uint8_t* rgb) {
  constexpr unsigned kGreenMax = (1U << kGreen) - 1;
  for (std::size_t x = 0; x < count; ++x, rgb += 3) {
    const unsigned pixel = row[x * 2] | static_cast<unsigned>(row[x * 2 + 1]) << 8;
    rgb[0] = static_cast<std::uint8_t>((pixel >> (5 + kGreen) & 31) * 255 / 31);
    rgb[1] = static_cast<std::uint8_t>((pixel >> 5 & kGreenMax) * 255 / kGreenMax);
    rgb[2] = static_cast<std::uint8_t>((pixel & 31) * 255 / 31);
  }
}

template <unsigned kBytes>
void unpack_bgr(const BmpHeader&, const std::uint8_t* row, std::size_t count, std::uint8_t* rgb) {
  for (std::size_t x = 0; x < count; ++x, row += kBytes, rgb += 3) std::reverse_copy(row, row + 3, rgb);
}

constexpr std::array<std::uint32_t, 4> kByteMasks{0xFF, 0xFF00, 0xFF0000, 0xFF000000};

/// 32 bits where each colour has a byte of its own, wherever.
void unpack_bytes(const BmpHeader& header, const std::uint8_t* row, std::size_t count, std::uint8_t* rgb) {
  std::array<std::ptrdiff_t, 3> place{};
  for (std::size_t c = 0; c < 3; ++c) {
    place[c] = std::find(kByteMasks.begin(), kByteMasks.end(), header.masks[c]) - kByteMasks.begin();
  }
  for (std::size_t x = 0; x < count; ++x, row += 4) {
    for (const std::ptrdiff_t at : place) *rgb++ = row[at];
  }
}

using Masks = std::array<std::uint32_t, 3>;

/// nullptr for masks that Pillow does not know either.
Unpack unpack_fields(const BmpHeader& header) {
  if (header.bits == 16 && header.masks == Masks{0xF800, 0x7E0, 0x1F}) return unpack_16<6>;
  if (header.bits == 16 && header.masks == Masks{0x7C00, 0x3E0, 0x1F}) return unpack_16<5>;
  if (header.bits == 24 && header.masks == Masks{0xFF0000, 0xFF00, 0xFF}) return unpack_bgr<3>;
  if (header.bits == 32 && header.masks == Masks{}) return unpack_bgr<4>;
  const auto is_byte = [](std::uint32_t mask) {
    return std::find(kByteMasks.begin(), kByteMasks.end(), mask) != kByteMasks.end();
  };
  if (header.bits == 32 && std::all_of(header.masks.begin(), header.masks.end(), is_byte)) return unpack_bytes;
  return nullptr;
}

struct Row {
  std::uint32_t bits;
  Unpack unpack;
};
constexpr std::array<Row, 6> kPlain{{{1, unpack_indices<1>},
                                     {4, unpack_indices<4>},
                                     {8, unpack_indices<8>},
                                     {16, unpack_16<5>},
                                     {24, unpack_bgr<3>},
                                     {32, unpack_bgr<4>}}};

Unpack unpack_of(const BmpHeader& header) {
  if (header.compression == BmpCompression::fields) return unpack_fields(header);
  return std::find_if(kPlain.begin(), kPlain.end(), [&](const Row& row) { return row.bits == header.bits; })->unpack;
}

}  // namespace

Decoded decode_bmp(const Source& source) {
  const BmpHeader header = read_bmp_header(source);
  const bool runs = header.compression == BmpCompression::rle8 || header.compression == BmpCompression::rle4;
  if (runs && header.bits > 8) throw_unsupported(source, "BMP", "run-length coding with more than 8 bits per pixel");
  const Unpack unpack = runs ? unpack_indices<8> : unpack_of(header);
  if (unpack == nullptr) throw_unsupported(source, "BMP", "custom colour masks");
  Decoded decoded{blank(source, header.width, header.height), 1};
  const auto width = to_size(header.width), height = to_size(header.height);
  std::vector<std::uint8_t> indices;
  if (runs) indices = read_bmp_runs(source, header);
  const std::size_t stride = runs ? width : (width * header.bits + 31) / 32 * 4;
  const std::uint8_t* rows = runs ? indices.data() : source.data() + std::min(header.pixels, source.size());
  const std::size_t stored = runs ? indices.size() : source.size() - std::min(header.pixels, source.size());
  const std::size_t last_row = runs ? width : (width * header.bits + 7) / 8;
  if (stored < stride * (height - 1) + last_row) throw_damaged(source, "BMP", "the data end too early");
  for (std::size_t y = 0; y < height; ++y) {
    const std::size_t to = header.top_down ? y : height - 1 - y;
    unpack(header, rows + y * stride, width, decoded.image.pixels.data() + to * width * 3);
  }
  return decoded;
}

}  // namespace enxerto::image_format
