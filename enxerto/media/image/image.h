#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace enxerto {

/// An 8-bit RGB picture: rows from the top, three bytes a pixel.
struct Image {
  int width = 0, height = 0;
  std::vector<std::uint8_t> pixels;  ///< height x width x 3
};

/// The most pixels that a picture may have (Pillow's limit of decompression bombs, doubled as Pillow does).
inline constexpr std::int64_t kMaxPixels = 178'956'970;

struct DecodeOptions {
  /// 0: decode exactly as Pillow does. Else a JPEG may be decoded at 1/2, 1/4 or 1/8 of its size, as long as its
  /// shorter side stays at least this long: faster, and not equal to the bit. Recorded as part of the preprocessing.
  int scale_to_at_least = 0;
};

/// Decodes JPEG, PNG, WebP, BMP, TIFF or the first frame of a GIF, recognised by content, turned upright by its EXIF
/// orientation, alpha dropped as Pillow's convert("RGB") does. Throws Error{data} naming `where` for anything else
/// (HEIC and AVIF by name), for a truncated or corrupt file and for one above kMaxPixels.
Image decode_image(std::span<const std::byte> bytes, std::string_view where, const DecodeOptions& options = {});

/// A picture from raw 8-bit samples: `channels` 1 or 3; `planar` is channel by channel (CIFAR), else interleaved.
struct RawPixels {
  int width = 0, height = 0, channels = 1;
  bool planar = false;
};
Image image_from_raw(std::span<const std::byte> bytes, const RawPixels& layout);

}  // namespace enxerto
