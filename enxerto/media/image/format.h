#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "enxerto/media/image/image.h"

namespace enxerto::image_format {

/// An encoded picture and what an error about it should say.
struct Source {
  std::span<const std::byte> bytes;
  std::string_view where;
  int scale_to_at_least = 0;

  const std::uint8_t* data() const { return reinterpret_cast<const std::uint8_t*>(bytes.data()); }
  std::size_t size() const { return bytes.size(); }
};

/// The pixels as they are stored, and the EXIF orientation (1 to 8) that they have yet to be turned by.
struct Decoded {
  Image image;
  int orientation = 1;
};

/// One row of the table of formats: `matches` looks at the first bytes only, `decode` throws Error{data}.
struct Format {
  std::string_view name;
  bool (*matches)(std::string_view head);
  Decoded (*decode)(const Source& source);
};

Decoded decode_jpeg(const Source& source);
Decoded decode_png(const Source& source);
Decoded decode_webp(const Source& source);
Decoded decode_bmp(const Source& source);
Decoded decode_tiff(const Source& source);
Decoded decode_gif(const Source& source);
Decoded decode_netpbm(const Source& source);  ///< PBM, PGM and PPM, as text and as bytes; up to 16 bits a sample

/// The row that matches the first bytes; null where none does.
const Format* format_of(std::span<const std::byte> bytes);

/// Throws Error{data} for an empty picture and above kMaxPixels.
void require_size(const Source& source, std::int64_t width, std::int64_t height);

/// Black pixels of that size. Throws as `require_size`, before it allocates.
Image blank(const Source& source, std::int64_t width, std::int64_t height);

/// Throws Error{data}: the file is of this format and `detail` is wrong with it.
[[noreturn]] void throw_damaged(const Source& source, std::string_view format, std::string_view detail);

/// Throws Error{data}: the file is sound as far as one can see, but this kind of it is not read.
[[noreturn]] void throw_unsupported(const Source& source, std::string_view format, std::string_view kind);

/// Throws Error{data} for bytes that no row of the table matches, by name where they are something well known.
[[noreturn]] void throw_refused(const Source& source);

}  // namespace enxerto::image_format
