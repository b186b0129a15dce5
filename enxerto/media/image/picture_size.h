#pragma once
#include <cstddef>
#include <span>
#include <string_view>

namespace enxerto {

/// px, as the picture is looked at: upright.
struct PictureSize {
  int width = 0, height = 0;
};

/// The size that `decode_image` would give it, from the head of a JPEG or a PNG, and by decoding anything else. Throws
/// Error{data} naming `where`.
PictureSize picture_size(std::span<const std::byte> bytes, std::string_view where);

}  // namespace enxerto
