#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/data/mask_names.h"
#include "enxerto/media/image/decode_mask.h"
#include "enxerto/media/image/encode_png.h"

namespace enxerto {

/// Which colours of masks stand for what: each is a value of `MaskNames`.
class ColourTable {
 public:
  explicit ColourTable(const std::vector<RgbColour>& colours);

  /// The place of a colour of the table; another colour gets a number of its own behind `kFirstUnknown`. May be called
  /// from several threads. Throws Error{data} naming `where` once there are too many of them for a mask.
  std::uint16_t number_of(const RgbColour& colour, std::string_view where) const;

  /// "the colour 64, 0, 128" for a number that it has given.
  std::string shown(std::int64_t number) const;

  static constexpr std::uint16_t kFirstUnknown = 1000;

 private:
  mutable std::mutex mutex_;
  mutable std::map<RgbColour, std::uint16_t> numbers_;
  mutable std::uint16_t next_ = kFirstUnknown;
};

/// Lines of a name and red, green, blue (0 to 255) in either order, with commas, spaces, tabs, colons or semicolons
/// between them: CVAT's labelmap.txt ("cat:255,0,0::"), tables with the columns name, r, g, b, CamVid's ("64 0 128
/// Car"). Lines that begin with # and one header are passed over; "* ignore" names all other colours. Nothing where the
/// text is no such table. Throws Error{data} naming the line: a colour that stands twice, a line that is none among
/// others that are.
std::optional<MaskNames> parse_colour_table(std::string_view text, const std::string& where);

/// The colour of each pixel of a picture file as the table numbers it; a palette's colours are looked at. Throws
/// Error{data} for JPEG, which changes colours, and as `decode_image`.
NumberedPicture decode_coloured_mask(std::span<const std::byte> bytes, std::string_view where,
                                     const ColourTable& colours);

}  // namespace enxerto
