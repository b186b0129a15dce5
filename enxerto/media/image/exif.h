#pragma once
#include <optional>
#include <string_view>

namespace enxerto {

/// Orientation in a block of EXIF (a TIFF directory, with or without "Exif\0\0" before it); nothing where there is
/// none. Follows CIPA DC-008; never reads outside of the block.
std::optional<int> exif_orientation(std::string_view block);

/// Orientation in a packet of XMP (`tiff:Orientation`).
std::optional<int> xmp_orientation(std::string_view packet);

/// The orientation that a picture with these two is to be turned by: EXIF goes first, as in Pillow; 1 without either.
int orientation_of(std::string_view exif, std::string_view xmp);

}  // namespace enxerto
