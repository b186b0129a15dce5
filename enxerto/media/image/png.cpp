#include <png.h>

#include <algorithm>
#include <array>
#include <string>

#include "enxerto/base/to_size.h"
#include "enxerto/media/image/exif.h"
#include "enxerto/media/image/format.h"
#include "enxerto/media/image/png_reader.h"

namespace enxerto::image_format {
namespace {

/// Palette as RGB of all 256 indices: black beyond its end, as in Pillow.
std::array<std::uint8_t, 768> palette_of(const PngReader& reader) {
  std::array<std::uint8_t, 768> rgb{};
  png_colorp colors = nullptr;
  int count = 0;
  if (png_get_PLTE(reader.png, reader.info, &colors, &count) == 0) return rgb;
  for (int i = 0; i < std::min(count, 256); ++i) {
    const std::size_t at = to_size(i) * 3;
    rgb[at] = colors[i].red;
    rgb[at + 1] = colors[i].green;
    rgb[at + 2] = colors[i].blue;
  }
  return rgb;
}

/// Asks libpng for three bytes a pixel, or for one index a byte where there is a palette.
void set_transforms(png_structp png, bool indexed) {
  if (indexed) {
    png_set_packing(png);
  } else {
    png_set_expand_gray_1_2_4_to_8(png);
    png_set_strip_16(png);
    png_set_strip_alpha(png);
    png_set_gray_to_rgb(png);
  }
}

void expand_indices(Image& image, const std::array<std::uint8_t, 768>& palette) {
  const std::size_t width = to_size(image.width);
  for (std::size_t y = 0; y < to_size(image.height); ++y) {
    std::uint8_t* row = image.pixels.data() + y * width * 3;
    // The indices stand in the first third of their own row: going backwards never overwrites one that is not yet read.
    for (std::size_t x = width; x-- > 0;) std::copy_n(&palette[std::size_t{row[x]} * 3], 3, row + x * 3);
  }
}

/// ImageMagick's "Raw profile type exif": three lines of header, then hexadecimal digits.
std::string raw_profile(std::string_view text) {
  for (int line = 0; line < 3; ++line) text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
  std::string bytes;
  int high = -1;
  for (const char letter : text) {
    const std::size_t digit = std::string_view("0123456789abcdef").find(letter);
    if (digit == std::string_view::npos) continue;
    if (high >= 0) bytes += static_cast<char>(high << 4 | static_cast<int>(digit));
    high = high >= 0 ? -1 : static_cast<int>(digit);
  }
  return bytes;
}

int orientation(PngReader& reader) {
  std::string exif;
  std::string_view xmp;
  png_uint_32 length = 0;
  png_bytep block = nullptr;
  if (png_get_eXIf_1(reader.png, reader.info, &length, &block) != 0 && block != nullptr) {
    exif.assign(reinterpret_cast<const char*>(block), length);
  }
  png_textp texts = nullptr;
  const int count = png_get_text(reader.png, reader.info, &texts, nullptr);
  for (int i = 0; i < count; ++i) {
    const std::string_view key(texts[i].key);
    const std::size_t size = texts[i].compression > 0 ? texts[i].itxt_length : texts[i].text_length;
    if (texts[i].text == nullptr || size == 0) continue;
    const std::string_view text(texts[i].text, size);
    if (key == "Raw profile type exif" && exif.empty()) exif = raw_profile(text);
    if (key == "XML:com.adobe.xmp") xmp = text;
  }
  return orientation_of(exif, xmp);
}

}  // namespace

Decoded decode_png(const Source& source) {
  PngReader reader;
  if (!read_header(reader, source)) throw_damaged(source, "PNG", reader.message.data());
  const bool indexed = png_get_color_type(reader.png, reader.info) == PNG_COLOR_TYPE_PALETTE;
  Decoded decoded;
  decoded.image =
      blank(source, png_get_image_width(reader.png, reader.info), png_get_image_height(reader.png, reader.info));
  Image& image = decoded.image;
  const std::size_t stride = to_size(image.width) * 3;
  const bool whole = guarded(reader, [&] {
    set_transforms(reader.png, indexed);
    read_rows(reader, image.pixels.data(), to_size(image.height), indexed ? to_size(image.width) : stride, stride);
  });
  if (!whole) throw_damaged(source, "PNG", reader.message.data());
  if (indexed) expand_indices(image, palette_of(reader));
  // EXIF may stand behind the pixels; what is wrong there does not spoil them, and Pillow passes it over too.
  static_cast<void>(guarded(reader, [&] { png_read_end(reader.png, reader.info); }));
  decoded.orientation = orientation(reader);
  return decoded;
}

}  // namespace enxerto::image_format
